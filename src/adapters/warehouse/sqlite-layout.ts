/** The tables of `migrations/warehouse`. Not WITHOUT ROWID: there a split page keeps what was deleted from it legible. */
export const layout = `
CREATE TABLE IF NOT EXISTS user_analytics (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    date TEXT NOT NULL,
    total_sleep_hours REAL,
    sleep_efficiency REAL,
    deep_sleep_hours REAL,
    light_sleep_hours REAL,
    rem_sleep_hours REAL,
    total_steps INTEGER,
    active_minutes INTEGER,
    calories_burned INTEGER,
    distance_meters REAL,
    resting_heart_rate INTEGER,
    average_heart_rate INTEGER,
    max_heart_rate INTEGER,
    heart_rate_variability INTEGER,
    hrv_kind TEXT,
    data_quality_score REAL,
    timezone TEXT NOT NULL,
    revision INTEGER NOT NULL,
    processing_timestamp TEXT NOT NULL,
    UNIQUE (user_id, date)
) STRICT;
CREATE INDEX IF NOT EXISTS idx_user_analytics_date ON user_analytics (date);
CREATE INDEX IF NOT EXISTS idx_user_analytics_quality ON user_analytics (data_quality_score);

CREATE TABLE IF NOT EXISTS user_trends (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    trend_type TEXT NOT NULL,
    period_start TEXT NOT NULL,
    period_end TEXT NOT NULL,
    trend_data TEXT NOT NULL,
    improvement_score REAL,
    trend_direction TEXT,
    confidence_level REAL,
    revision INTEGER NOT NULL,
    calculated_at TEXT NOT NULL,
    UNIQUE (user_id, trend_type, period_start)
) STRICT;`
