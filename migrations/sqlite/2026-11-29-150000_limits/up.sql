-- What quotas and receivers of events need: counts of what an enterprise keeps, and secrets of the endpoints.

-- How many chat messages, reports and standalone groups an enterprise has. Triggers count them, as they count classes and users.
INSERT INTO totals SELECT enterprise_id, 'message', '', count(*) FROM messages GROUP BY 1;
INSERT INTO totals SELECT enterprise_id, 'report', '', count(*) FROM reports GROUP BY 1;
INSERT INTO totals SELECT enterprise_id, 'group', '', count(*) FROM groups WHERE kind = 'free' GROUP BY 1;

CREATE TRIGGER message_comes AFTER INSERT ON messages BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'message', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER message_goes AFTER DELETE ON messages BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'message';
END;
CREATE TRIGGER report_comes AFTER INSERT ON reports BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'report', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER report_goes AFTER DELETE ON reports BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'report';
END;
CREATE TRIGGER group_comes AFTER INSERT ON groups WHEN NEW.kind = 'free' BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'group', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER group_goes AFTER DELETE ON groups WHEN OLD.kind = 'free' BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'group';
END;

-- The secrets with which deliveries to the endpoints of an enterprise other than itself are signed (Standard Webhooks). `endpoint`
-- is an organization, or -1 for the document service, as in `deliveries.organization_id`.
CREATE TABLE webhook_secrets (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    endpoint BIGINT NOT NULL,
    webhook_secret TEXT NOT NULL,
    old_webhook_secret TEXT,
    old_webhook_secret_until BIGINT,
    PRIMARY KEY (enterprise_id, endpoint)
) WITHOUT ROWID;
-- The receivers that are there know the secret of the enterprise.
INSERT INTO webhook_secrets
SELECT enterprise_id, -1, webhook_secret, old_webhook_secret, old_webhook_secret_until FROM enterprises;
INSERT INTO webhook_secrets
SELECT enterprise_id, organization_id, webhook_secret, old_webhook_secret, old_webhook_secret_until
FROM organizations JOIN enterprises USING (enterprise_id);

-- The key that signs callbacks in place of the `tic_key`, for enterprises that have one.
CREATE TABLE callback_keys (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    callback_key TEXT NOT NULL
);
