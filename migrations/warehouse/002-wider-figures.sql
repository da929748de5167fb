-- A day of more than 999,999.99 metres exists, a total may pass 2^31, and two decimals tell too little of a score.
ALTER TABLE user_analytics
    ALTER COLUMN total_steps TYPE BIGINT,
    ALTER COLUMN calories_burned TYPE BIGINT,
    ALTER COLUMN distance_meters TYPE DECIMAL(20,2),
    ALTER COLUMN sleep_efficiency TYPE DECIMAL(7,4),
    ALTER COLUMN data_quality_score TYPE DECIMAL(7,4);

ALTER TABLE user_trends
    ALTER COLUMN improvement_score TYPE DECIMAL(7,4),
    ALTER COLUMN confidence_level TYPE DECIMAL(7,4);
