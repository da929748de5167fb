-- What a figure means and how late its row is. A row from before has revision 0: any other replaces it.
ALTER TABLE user_analytics
    ADD COLUMN hrv_kind VARCHAR(10),
    ADD COLUMN timezone VARCHAR(64),
    ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

ALTER TABLE user_trends
    ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
