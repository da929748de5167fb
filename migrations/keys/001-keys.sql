-- People's keys, wrapped by a root key that is not here. A person is a keyed hash of their id, and no more once their keys are destroyed.
CREATE SCHEMA IF NOT EXISTS clarity_keys;

CREATE TABLE clarity_keys.store (
  one integer PRIMARY KEY CHECK (one = 1),
  id text NOT NULL,
  root text NOT NULL,
  proof bytea NOT NULL
);

CREATE TABLE clarity_keys.people (
  person text COLLATE "C" PRIMARY KEY,
  user_id text,
  revision integer NOT NULL,
  root text,
  wrapped bytea,
  destroyed text
);
