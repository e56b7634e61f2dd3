-- When whoever is in a session last showed that she is its person: by signing in, or on a form that asks for it. 0: a
-- helper, who never does, and sessions from before this was kept.
ALTER TABLE core_session ADD COLUMN proved_ms {INT64} NOT NULL DEFAULT 0;

-- Those that ended long ago are removed.
CREATE INDEX core_session_ends ON core_session (ends_ms);
