-- A key is one server's that is trusted. Of two that were entered with one key at one time the later one stays.
UPDATE exchange_server SET ended_ms = added_ms WHERE ended_ms = 0 AND EXISTS (
	SELECT 1 FROM exchange_server o WHERE o.sign_key = exchange_server.sign_key AND o.ended_ms = 0 AND
	(o.added_ms > exchange_server.added_ms OR (o.added_ms = exchange_server.added_ms AND o.id > exchange_server.id)));

DROP INDEX exchange_server_key;
CREATE UNIQUE INDEX exchange_server_trusted ON exchange_server (sign_key) WHERE ended_ms = 0;
