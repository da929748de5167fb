-- Documents: a table per collection. The body is jsonb; raw holds, as JSON text, the rare body with a NUL or a lone
-- surrogate, which jsonb cannot. Columns named $.… are what indexes sort by, written with the body; index_key says how
-- a value lies there, so that numbers come before text and text is ordered by code point.
CREATE SCHEMA documents;

CREATE FUNCTION documents.index_key(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(value)
    WHEN 'number' THEN chr(1) || (
      SELECT CASE WHEN number < 0 THEN translate(bits, '0123456789abcdef', 'fedcba9876543210')
                  ELSE translate(left(bits, 1), '01234567', '89abcdef') || substr(bits, 2) END
      FROM (SELECT (value #>> '{}')::float8 AS number, encode(float8send((value #>> '{}')::float8), 'hex') AS bits) AS double)
    WHEN 'string' THEN (
      SELECT CASE WHEN ascii(escaped) <= 2 THEN chr(2) || escaped ELSE escaped END
      FROM (SELECT replace(value #>> '{}', chr(1), chr(1) || chr(2)) AS escaped) AS text)
  END
$$;

CREATE TABLE documents."users" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.profile.email" text COLLATE "C",
  "$.metadata.createdAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "users.email.f4fb3c62" ON documents."users" ("$.profile.email", "$.metadata.createdAt" DESC, "id" DESC, "parent" DESC)
  WHERE "$.profile.email" IS NOT NULL AND "$.metadata.createdAt" IS NOT NULL;

CREATE TABLE documents."addresses" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.claimedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "addresses.user.4874cde1" ON documents."addresses" ("$.userId", "$.claimedAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.claimedAt" IS NOT NULL;

CREATE TABLE documents."healthSessions" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.sessionInfo.startTime" text COLLATE "C",
  "$.localDate" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "healthSessions.userStart.69e54290" ON documents."healthSessions" ("$.userId", "$.sessionInfo.startTime" DESC, "id" DESC, "parent" DESC)
  WHERE "$.userId" IS NOT NULL AND "$.sessionInfo.startTime" IS NOT NULL;

CREATE INDEX "healthSessions.localDate.7d8cc5b0" ON documents."healthSessions" ("$.userId", "$.localDate", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.localDate" IS NOT NULL;

CREATE TABLE documents."sessionRevisions" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.sessionId" text COLLATE "C",
  "$.replacedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "sessionRevisions.replaced.ba19b58d" ON documents."sessionRevisions" ("$.userId", "$.sessionId", "$.replacedAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.sessionId" IS NOT NULL AND "$.replacedAt" IS NOT NULL;

CREATE TABLE documents."archives" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.kind" text COLLATE "C",
  "$.month" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "archives.kind.73b89fd5" ON documents."archives" ("$.kind", "$.month", "id", "parent")
  WHERE "$.kind" IS NOT NULL AND "$.month" IS NOT NULL;

CREATE TABLE documents."lifecycles" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE TABLE documents."legalHolds" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.placedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "legalHolds.placed.a483e3ef" ON documents."legalHolds" ("$.placedAt", "id", "parent")
  WHERE "$.placedAt" IS NOT NULL;

CREATE TABLE documents."insights" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.date" text COLLATE "C",
  "$.type" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "insights.userDateType.a86b162a" ON documents."insights" ("$.userId", "$.date" DESC, "$.type", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.date" IS NOT NULL AND "$.type" IS NOT NULL;

CREATE INDEX "insights.date.837df9bb" ON documents."insights" ("$.date" DESC, "id" DESC, "parent" DESC)
  WHERE "$.date" IS NOT NULL;

CREATE TABLE documents."days" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.date" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "days.userDate.296f9f79" ON documents."days" ("$.userId", "$.date", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.date" IS NOT NULL;

CREATE INDEX "days.date.3cf917cb" ON documents."days" ("$.date", "id", "parent")
  WHERE "$.date" IS NOT NULL;

CREATE TABLE documents."dirtyDays" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.due" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "dirtyDays.due.37dc98cf" ON documents."dirtyDays" ("$.due", "id", "parent")
  WHERE "$.due" IS NOT NULL;

CREATE TABLE documents."looseMonths" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.due" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "looseMonths.due.37dc98cf" ON documents."looseMonths" ("$.due", "id", "parent")
  WHERE "$.due" IS NOT NULL;

CREATE TABLE documents."dayRevisions" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.date" text COLLATE "C",
  "$.replacedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "dayRevisions.replaced.7b0d86f7" ON documents."dayRevisions" ("$.userId", "$.date", "$.replacedAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.date" IS NOT NULL AND "$.replacedAt" IS NOT NULL;

CREATE TABLE documents."insightRevisions" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.date" text COLLATE "C",
  "$.type" text COLLATE "C",
  "$.replacedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "insightRevisions.replaced.38943229" ON documents."insightRevisions" ("$.userId", "$.date", "$.type", "$.replacedAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.date" IS NOT NULL AND "$.type" IS NOT NULL AND "$.replacedAt" IS NOT NULL;

CREATE TABLE documents."changes" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.date" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "changes.date.296f9f79" ON documents."changes" ("$.userId", "$.date", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.date" IS NOT NULL;

CREATE TABLE documents."outbox" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.at" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "outbox.at.44131b68" ON documents."outbox" ("$.at", "id", "parent")
  WHERE "$.at" IS NOT NULL;

CREATE TABLE documents."events" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.at" text COLLATE "C",
  "$.telling" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "events.at.44131b68" ON documents."events" ("$.at", "id", "parent")
  WHERE "$.at" IS NOT NULL;

CREATE INDEX "events.telling.b3d85c15" ON documents."events" ("$.telling", "$.at", "id", "parent")
  WHERE "$.telling" IS NOT NULL AND "$.at" IS NOT NULL;

CREATE TABLE documents."permissions" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.granteeId" text COLLATE "C",
  "$.grantedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "permissions.grantee.68aebcb7" ON documents."permissions" ("$.granteeId", "$.grantedAt", "id", "parent")
  WHERE "$.granteeId" IS NOT NULL AND "$.grantedAt" IS NOT NULL;

CREATE TABLE documents."consents" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.givenAt" text COLLATE "C",
  "$.purpose" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "consents.given.f31848de" ON documents."consents" ("$.userId", "$.givenAt" DESC, "id" DESC, "parent" DESC)
  WHERE "$.userId" IS NOT NULL AND "$.givenAt" IS NOT NULL;

CREATE INDEX "consents.purpose.ad7309da" ON documents."consents" ("$.userId", "$.purpose", "$.givenAt" DESC, "id" DESC, "parent" DESC)
  WHERE "$.userId" IS NOT NULL AND "$.purpose" IS NOT NULL AND "$.givenAt" IS NOT NULL;

CREATE TABLE documents."keys" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.createdAt" text COLLATE "C",
  "$.userId" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "keys.created.d77c9719" ON documents."keys" ("$.createdAt", "id", "parent")
  WHERE "$.createdAt" IS NOT NULL;

CREATE INDEX "keys.user.5bbd70ef" ON documents."keys" ("$.userId", "$.createdAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE TABLE documents."imports" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.userId" text COLLATE "C",
  "$.createdAt" text COLLATE "C",
  "$.sha256" text COLLATE "C",
  "$.status" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "imports.created.5bbd70ef" ON documents."imports" ("$.userId", "$.createdAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE INDEX "imports.content.11136dc" ON documents."imports" ("$.userId", "$.sha256", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.sha256" IS NOT NULL;

CREATE INDEX "imports.state.2e6c74b4" ON documents."imports" ("$.status", "$.createdAt", "id", "parent")
  WHERE "$.status" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE TABLE documents."uploads" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.updatedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "uploads.age.d8f5195c" ON documents."uploads" ("$.updatedAt", "id", "parent")
  WHERE "$.updatedAt" IS NOT NULL;

CREATE TABLE documents."jobs" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.status" text COLLATE "C",
  "$.priority" text COLLATE "C",
  "$.createdAt" text COLLATE "C",
  "$.userId" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "jobs.queue.a566ac47" ON documents."jobs" ("$.status", "$.priority" DESC, "$.createdAt", "id", "parent")
  WHERE "$.status" IS NOT NULL AND "$.priority" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE INDEX "jobs.user.5bbd70ef" ON documents."jobs" ("$.userId", "$.createdAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE INDEX "jobs.owner.65754262" ON documents."jobs" ("$.userId", "$.status", "$.createdAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.status" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE TABLE documents."requests" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.expiresAt" text COLLATE "C",
  "$.userId" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "requests.expires.487455f5" ON documents."requests" ("$.expiresAt", "id", "parent")
  WHERE "$.expiresAt" IS NOT NULL;

CREATE INDEX "requests.user.c4b5b203" ON documents."requests" ("$.userId", "$.expiresAt", "id", "parent")
  WHERE "$.userId" IS NOT NULL AND "$.expiresAt" IS NOT NULL;

CREATE TABLE documents."webhooks" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.audience" text COLLATE "C",
  "$.createdAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "webhooks.audience.16eb64ac" ON documents."webhooks" ("$.audience", "$.createdAt", "id", "parent")
  WHERE "$.audience" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE TABLE documents."webhookDeliveries" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.status" text COLLATE "C",
  "$.nextAt" text COLLATE "C",
  "$.webhookId" text COLLATE "C",
  "$.createdAt" text COLLATE "C",
  "$.userId" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "webhookDeliveries.due.f4cfcb91" ON documents."webhookDeliveries" ("$.status", "$.nextAt", "id", "parent")
  WHERE "$.status" IS NOT NULL AND "$.nextAt" IS NOT NULL;

CREATE INDEX "webhookDeliveries.made.9797f4a8" ON documents."webhookDeliveries" ("$.webhookId", "$.createdAt" DESC, "id" DESC, "parent" DESC)
  WHERE "$.webhookId" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE INDEX "webhookDeliveries.user.8eff5c48" ON documents."webhookDeliveries" ("$.userId", "$.createdAt" DESC, "id" DESC, "parent" DESC)
  WHERE "$.userId" IS NOT NULL AND "$.createdAt" IS NOT NULL;

CREATE TABLE documents."jobLogs" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.at" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "jobLogs.at.44131b68" ON documents."jobLogs" ("$.at", "id", "parent")
  WHERE "$.at" IS NOT NULL;

CREATE TABLE documents."models" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE TABLE documents."modelVersions" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE TABLE documents."modelPerformance" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.version" text COLLATE "C",
  "$.lastEvaluated" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "modelPerformance.evaluated.70368093" ON documents."modelPerformance" ("$.version", "$.lastEvaluated", "id", "parent")
  WHERE "$.version" IS NOT NULL AND "$.lastEvaluated" IS NOT NULL;

CREATE TABLE documents."modelDeployments" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.status" text COLLATE "C",
  "$.deployedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "modelDeployments.status.8f068af1" ON documents."modelDeployments" ("$.status", "$.deployedAt", "id", "parent")
  WHERE "$.status" IS NOT NULL AND "$.deployedAt" IS NOT NULL;

CREATE TABLE documents."privacyBudgets" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE TABLE documents."system" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE TABLE documents."auditOutbox" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE TABLE documents."erasures" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.status" text COLLATE "C",
  "$.requestedAt" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "erasures.state.3211af68" ON documents."erasures" ("$.status", "$.requestedAt", "id", "parent")
  WHERE "$.status" IS NOT NULL AND "$.requestedAt" IS NOT NULL;

CREATE TABLE documents."auditLogs" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  "$.at" text COLLATE "C",
  "$.subject" text COLLATE "C",
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

CREATE INDEX "auditLogs.at.68bc834" ON documents."auditLogs" ("$.at" DESC, "id" DESC, "parent" DESC)
  WHERE "$.at" IS NOT NULL;

CREATE INDEX "auditLogs.subject.5f222974" ON documents."auditLogs" ("$.subject", "$.at" DESC, "id" DESC, "parent" DESC)
  WHERE "$.subject" IS NOT NULL AND "$.at" IS NOT NULL;

CREATE TABLE documents."auditChain" (
  parent text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body jsonb,
  raw text,
  PRIMARY KEY (parent, id),
  CHECK (num_nonnulls(body, raw) = 1)
);

GRANT USAGE ON SCHEMA documents TO pg_database_owner;

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."users" TO pg_database_owner;

ALTER TABLE documents."users" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."users"
  USING (current_user <> 'pg_database_owner' OR id = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."addresses" TO pg_database_owner;

ALTER TABLE documents."addresses" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."addresses"
  USING (current_user <> 'pg_database_owner' OR "$.userId" = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."healthSessions" TO pg_database_owner;

ALTER TABLE documents."healthSessions" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."healthSessions"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."sessionRevisions" TO pg_database_owner;

ALTER TABLE documents."sessionRevisions" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."sessionRevisions"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."archives" TO pg_database_owner;

ALTER TABLE documents."archives" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."archives"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."lifecycles" TO pg_database_owner;

ALTER TABLE documents."lifecycles" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."lifecycles"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."legalHolds" TO pg_database_owner;

ALTER TABLE documents."legalHolds" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."legalHolds"
  USING (current_user <> 'pg_database_owner' OR body ->> 'userId' = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."insights" TO pg_database_owner;

ALTER TABLE documents."insights" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."insights"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."days" TO pg_database_owner;

ALTER TABLE documents."days" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."days"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."dirtyDays" TO pg_database_owner;

ALTER TABLE documents."dirtyDays" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."dirtyDays"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."looseMonths" TO pg_database_owner;

ALTER TABLE documents."looseMonths" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."looseMonths"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."dayRevisions" TO pg_database_owner;

ALTER TABLE documents."dayRevisions" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."dayRevisions"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."insightRevisions" TO pg_database_owner;

ALTER TABLE documents."insightRevisions" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."insightRevisions"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."changes" TO pg_database_owner;

ALTER TABLE documents."changes" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."changes"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."outbox" TO pg_database_owner;

ALTER TABLE documents."outbox" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."outbox"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."events" TO pg_database_owner;

ALTER TABLE documents."events" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."events"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."permissions" TO pg_database_owner;

ALTER TABLE documents."permissions" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."permissions"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."consents" TO pg_database_owner;

ALTER TABLE documents."consents" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."consents"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."keys" TO pg_database_owner;

ALTER TABLE documents."keys" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."keys"
  USING (current_user <> 'pg_database_owner' OR "$.userId" = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."imports" TO pg_database_owner;

ALTER TABLE documents."imports" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."imports"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."uploads" TO pg_database_owner;

ALTER TABLE documents."uploads" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."uploads"
  USING (current_user <> 'pg_database_owner' OR split_part(parent, '/', 2) = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."jobs" TO pg_database_owner;

ALTER TABLE documents."jobs" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."jobs"
  USING (current_user <> 'pg_database_owner' OR "$.userId" = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."requests" TO pg_database_owner;

ALTER TABLE documents."requests" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."requests"
  USING (current_user <> 'pg_database_owner' OR "$.userId" = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."webhooks" TO pg_database_owner;

ALTER TABLE documents."webhooks" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."webhooks"
  USING (current_user <> 'pg_database_owner' OR body ->> 'userId' = current_setting('app.user', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."webhookDeliveries" TO pg_database_owner;

ALTER TABLE documents."webhookDeliveries" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."webhookDeliveries"
  USING (current_user <> 'pg_database_owner' OR EXISTS (SELECT FROM documents."webhooks" AS above WHERE above.parent = '' AND above.id = split_part("webhookDeliveries".parent, '/', 2)));

GRANT SELECT, INSERT, UPDATE, DELETE ON documents."jobLogs" TO pg_database_owner;

ALTER TABLE documents."jobLogs" ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_person ON documents."jobLogs"
  USING (current_user <> 'pg_database_owner' OR EXISTS (SELECT FROM documents."jobs" AS above WHERE above.parent = '' AND above.id = split_part("jobLogs".parent, '/', 2)));

GRANT SELECT ON documents."models" TO pg_database_owner;

GRANT SELECT ON documents."modelVersions" TO pg_database_owner;

GRANT SELECT ON documents."modelPerformance" TO pg_database_owner;

GRANT SELECT ON documents."modelDeployments" TO pg_database_owner;

GRANT SELECT ON documents."privacyBudgets" TO pg_database_owner;

GRANT SELECT ON documents."system" TO pg_database_owner;

GRANT INSERT, SELECT (parent, id) ON documents."auditOutbox" TO pg_database_owner;

GRANT SELECT ON documents."erasures" TO pg_database_owner;

CREATE FUNCTION documents.auditlogs_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.id <= coalesce((SELECT body ->> 'archivedTo' FROM documents."auditChain" WHERE parent = '' AND id = 'head'), '') COLLATE "C" THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'sealed';
END
$$;

CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON documents."auditLogs" FOR EACH ROW EXECUTE FUNCTION documents.auditlogs_sealed();

CREATE TRIGGER emptied BEFORE TRUNCATE ON documents."auditLogs" EXECUTE FUNCTION documents.auditlogs_sealed();
