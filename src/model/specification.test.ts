import { expect, test } from 'vitest'
import { z } from 'zod'
import { collectionNames, collections } from './collections.ts'
import { DailyInsight } from './insight.ts'
import { Job, priorityRank, StoredJob } from './job.ts'
import { ModelCard } from './model-card.ts'
import { HealthSession } from './session.ts'
import { User } from './user.ts'

/** The JSON examples of the specification, word for word. */
const examples = {
  user: {
    profile: {
      email: 'user@example.com',
      displayName: 'John Doe',
      dateOfBirth: '1990-01-15',
      gender: 'male',
      timezone: 'America/New_York',
      preferredUnits: 'metric',
      privacySettings: { dataSharing: true, researchParticipation: false, anonymousAnalytics: true },
    },
    healthProfile: { height: 175.5, weight: 70.2, activityLevel: 'moderate', chronicConditions: [], medications: [], allergies: [] },
    preferences: {
      notificationSettings: { insights: true, achievements: true, reminders: false },
      dataRetention: { rawData: '1_year', insights: 'indefinite', analytics: '5_years' },
    },
    metadata: {
      createdAt: '2024-01-15T10:30:00Z',
      updatedAt: '2024-01-20T14:45:00Z',
      lastLoginAt: '2024-01-20T14:45:00Z',
      dataVersion: '1.2.0',
    },
  },
  session: {
    sessionInfo: {
      sessionId: 'session_20240120_143000',
      startTime: '2024-01-20T14:30:00Z',
      endTime: '2024-01-20T15:30:00Z',
      dataSource: 'apple_watch_series_9',
      dataTypes: ['heart_rate', 'steps', 'activity'],
    },
    heartRate: {
      samples: [{ timestamp: '2024-01-20T14:30:00Z', value: 72, confidence: 0.95, context: 'resting' }],
      statistics: { min: 65, max: 85, average: 72.5, standardDeviation: 4.2 },
    },
    activity: {
      steps: { total: 1250, cadence: 110, confidence: 0.98 },
      distance: { value: 875.5, unit: 'meters' },
      activeEnergy: { value: 85.2, unit: 'calories' },
      workout: { type: 'walking', intensity: 'moderate', duration: 3600 },
    },
    sleep: {
      stages: [{ startTime: '2024-01-20T23:00:00Z', endTime: '2024-01-21T01:30:00Z', stage: 'light', confidence: 0.92 }],
      quality: { score: 85, efficiency: 0.89, disturbances: 2 },
    },
  },
  insight: {
    insightId: 'insight_20240120_daily',
    userId: 'user_12345',
    date: '2024-01-20',
    type: 'daily_summary',
    status: 'completed',
    data: {
      sleepAnalysis: {
        totalSleep: 7.5,
        sleepEfficiency: 0.89,
        sleepStages: { deep: 1.2, light: 5.1, rem: 1.2 },
        insights: [
          'Your deep sleep increased by 15% compared to last week',
          'Consider reducing screen time before bed for better sleep quality',
        ],
      },
      activityAnalysis: {
        totalSteps: 8750,
        activeMinutes: 45,
        caloriesBurned: 2150,
        insights: ['You exceeded your daily step goal by 750 steps', 'Your activity pattern shows consistent movement throughout the day'],
      },
      heartRateAnalysis: {
        restingHeartRate: 65,
        averageHeartRate: 78,
        heartRateVariability: 42,
        insights: ['Your resting heart rate has improved by 3 BPM this month', "HRV indicates good recovery from yesterday's workout"],
      },
    },
    narrative: {
      summary: 'You had a great day with quality sleep and consistent activity...',
      recommendations: ['Continue your current sleep schedule', 'Consider adding 10 minutes of morning stretching'],
      achievements: ['Step goal exceeded', 'Improved sleep quality'],
    },
    metadata: { generatedAt: '2024-01-21T06:00:00Z', modelVersion: 'actigraphy_v2.1', processingTime: 2.3, confidence: 0.94 },
  },
  model: {
    modelInfo: {
      name: 'actigraphy_transformer',
      version: '2.1.0',
      type: 'transformer',
      framework: 'pytorch',
      description: 'Advanced sleep and activity pattern analysis',
    },
    performance: { accuracy: 0.945, precision: 0.938, recall: 0.952, f1Score: 0.945, lastEvaluated: '2024-01-15T10:00:00Z' },
    deployment: {
      status: 'active',
      endpoint: 'https://actigraphy-transformer-service.run.app',
      resourceRequirements: { cpu: '2 vCPU', memory: '4 GB', gpu: 'optional' },
      scalingConfig: { minInstances: 1, maxInstances: 10, targetConcurrency: 100 },
    },
    dataRequirements: {
      inputFormat: 'time_series_json',
      minSamples: 100,
      maxSamples: 10000,
      requiredFields: ['timestamp', 'heart_rate', 'activity'],
      optionalFields: ['sleep_stage', 'workout_type'],
    },
  },
  job: {
    jobId: 'job_20240120_143000_001',
    userId: 'user_12345',
    type: 'health_analysis',
    status: 'processing',
    priority: 'high',
    createdAt: '2024-01-20T14:30:00Z',
    startedAt: '2024-01-20T14:30:05Z',
    estimatedCompletion: '2024-01-20T14:32:00Z',
    input: { dataSessionIds: ['session_001', 'session_002'], analysisType: 'comprehensive', modelVersion: '2.1.0' },
    progress: { stage: 'ml_processing', percentage: 65, currentStep: 'feature_extraction', stepsCompleted: 3, totalSteps: 5 },
    output: { insightId: 'insight_20240120_daily', artifacts: ['gs://bucket/processed_data/user_12345/20240120.json'] },
    metrics: { processingTime: 95.2, dataProcessed: 1024, resourceUsage: { cpu: 1.2, memory: 512, networkIO: 15.3 } },
    errors: [],
  },
}

const schemas = { user: User, session: HealthSession, insight: DailyInsight, model: ModelCard, job: Job }

for (const name of ['user', 'session', 'insight', 'model', 'job'] as const) {
  test(`the specification's ${name} is valid and comes back unchanged`, () => {
    expect(schemas[name].parse(examples[name])).toEqual(examples[name])
  })
}

test('the specification’s job is kept with a rank for its priority', () => {
  expect(StoredJob.parse({ ...examples.job, priority: priorityRank('high') })).toMatchObject({ priority: 2, status: 'processing' })
})

test('what the Pydantic classes leave out gets their defaults', () => {
  const { metadata } = examples.user
  expect(User.parse({ profile: { email: 'a@b.c', displayName: 'A' }, metadata })).toMatchObject({
    profile: {
      timezone: 'UTC',
      preferredUnits: 'metric',
      privacySettings: { dataSharing: true, researchParticipation: false, anonymousAnalytics: true },
    },
    healthProfile: { activityLevel: 'moderate', chronicConditions: [], medications: [], allergies: [] },
  })
  const { type: _, ...insight } = examples.insight
  expect(DailyInsight.parse(insight).type).toBe('daily_summary')
})

test('every stored document has a JSON Schema', () => {
  for (const name of collectionNames) expect(z.toJSONSchema(collections[name].schema, { io: 'input' }), name).toHaveProperty('$schema')
})
