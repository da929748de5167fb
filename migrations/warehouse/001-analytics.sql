CREATE TABLE user_analytics (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id VARCHAR(255) NOT NULL,
    date DATE NOT NULL,
    
    -- Sleep metrics
    total_sleep_hours DECIMAL(4,2),
    sleep_efficiency DECIMAL(3,2),
    deep_sleep_hours DECIMAL(4,2),
    light_sleep_hours DECIMAL(4,2),
    rem_sleep_hours DECIMAL(4,2),
    
    -- Activity metrics
    total_steps INTEGER,
    active_minutes INTEGER,
    calories_burned INTEGER,
    distance_meters DECIMAL(8,2),
    
    -- Heart rate metrics
    resting_heart_rate INTEGER,
    average_heart_rate INTEGER,
    max_heart_rate INTEGER,
    heart_rate_variability INTEGER,
    
    -- Metadata
    data_quality_score DECIMAL(3,2),
    processing_timestamp TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    
    UNIQUE(user_id, date)
);

-- Indexes for efficient querying
CREATE INDEX idx_user_analytics_user_date ON user_analytics(user_id, date DESC);
CREATE INDEX idx_user_analytics_date ON user_analytics(date);
CREATE INDEX idx_user_analytics_quality ON user_analytics(data_quality_score);

CREATE TABLE user_trends (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id VARCHAR(255) NOT NULL,
    trend_type VARCHAR(50) NOT NULL, -- 'weekly', 'monthly', 'quarterly'
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    
    -- Trend metrics (JSON for flexibility)
    trend_data JSONB NOT NULL,
    
    -- Trend indicators
    improvement_score DECIMAL(3,2),
    trend_direction VARCHAR(20), -- 'improving', 'stable', 'declining'
    confidence_level DECIMAL(3,2),
    
    -- Metadata
    calculated_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    
    UNIQUE(user_id, trend_type, period_start)
);

-- GIN index for JSONB queries
CREATE INDEX idx_user_trends_data ON user_trends USING gin(trend_data);
CREATE INDEX idx_user_trends_user_period ON user_trends(user_id, trend_type, period_start DESC);
