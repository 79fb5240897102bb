-- What quotas and receivers of events need: counts of what an enterprise keeps, and secrets of the endpoints.

-- How many chat messages, reports and standalone groups an enterprise has. Triggers count them, as they count classes and users.
INSERT INTO totals SELECT enterprise_id, 'message', '', count(*) FROM messages GROUP BY 1;
INSERT INTO totals SELECT enterprise_id, 'report', '', count(*) FROM reports GROUP BY 1;
INSERT INTO totals SELECT enterprise_id, 'group', '', count(*) FROM groups WHERE kind = 'free' GROUP BY 1;

CREATE FUNCTION message_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'message', '', count(*)) FROM added GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER message_comes AFTER INSERT ON messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION message_comes();
CREATE FUNCTION message_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'message', '', -count(*)) FROM removed GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER message_goes AFTER DELETE ON messages REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION message_goes();
CREATE FUNCTION report_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'report', '', count(*)) FROM added GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER report_comes AFTER INSERT ON reports REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION report_comes();
CREATE FUNCTION report_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'report', '', -count(*)) FROM removed GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER report_goes AFTER DELETE ON reports REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION report_goes();
CREATE FUNCTION group_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'group', '', count(*)) FROM added WHERE kind = 'free' GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_comes AFTER INSERT ON groups REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION group_comes();
CREATE FUNCTION group_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'group', '', -count(*)) FROM removed WHERE kind = 'free' GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_goes AFTER DELETE ON groups REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION group_goes();

-- The secrets with which deliveries to the endpoints of an enterprise other than itself are signed (Standard Webhooks). `endpoint`
-- is an organization, or -1 for the document service, as in `deliveries.organization_id`.
CREATE TABLE webhook_secrets (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    endpoint BIGINT NOT NULL,
    webhook_secret TEXT COLLATE "C" NOT NULL,
    old_webhook_secret TEXT COLLATE "C",
    old_webhook_secret_until BIGINT,
    PRIMARY KEY (enterprise_id, endpoint)
);
-- The receivers that are there know the secret of the enterprise.
INSERT INTO webhook_secrets
SELECT enterprise_id, -1, webhook_secret, old_webhook_secret, old_webhook_secret_until FROM enterprises;
INSERT INTO webhook_secrets
SELECT enterprise_id, organization_id, webhook_secret, old_webhook_secret, old_webhook_secret_until
FROM organizations JOIN enterprises USING (enterprise_id);

-- The key that signs callbacks in place of the `tic_key`, for enterprises that have one.
CREATE TABLE callback_keys (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    callback_key TEXT COLLATE "C" NOT NULL
);
