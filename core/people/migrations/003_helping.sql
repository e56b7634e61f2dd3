-- The sessions in which somebody helps end with her own.
CREATE INDEX core_session_helper ON core_session (helper);
