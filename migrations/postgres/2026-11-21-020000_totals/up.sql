-- Lists that cost the same however many rows there are: what they show is in the order of ids, and how many there are is
-- counted as rows come and go.

DROP INDEX classes_by_time;
DROP INDEX classes_by_status;
DROP INDEX classes_by_type;
CREATE INDEX classes_by_id ON classes (enterprise_id, class_id);
CREATE INDEX classes_by_kind ON classes (enterprise_id, class_status, class_type, class_id);
DROP INDEX users_by_time;
DROP INDEX users_by_role;
CREATE INDEX users_by_number ON users (enterprise_id, id);
CREATE INDEX users_by_role ON users (enterprise_id, role, id);
DROP INDEX documents_by_time;
DROP INDEX documents_by_owner;
CREATE INDEX documents_by_number ON documents (enterprise_id, id);
CREATE INDEX documents_by_permission ON documents (enterprise_id, permission, id);
CREATE INDEX documents_by_owner ON documents (enterprise_id, owner, id);
DROP INDEX sessions_inside;
DROP INDEX sessions_first;
CREATE INDEX sessions_inside ON sessions (class_id, enterprise_id, id) WHERE quit_time IS NULL;
CREATE INDEX sessions_first ON sessions (class_id, ordinal, id);

-- How many classes, users and documents of a kind an enterprise has: the sum over the rows of a kind. Kept by the triggers
-- below alone. A change adds a row, so that no transaction waits for another that counts the same; every now and then one
-- adds up what is there, but for rows that another is adding up at the time.
CREATE TABLE totals (
    enterprise_id BIGINT NOT NULL,
    noun TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX totals_by_noun ON totals (enterprise_id, noun);

INSERT INTO totals SELECT enterprise_id, 'class', class_status || ' ' || class_type, count(*) FROM classes GROUP BY 1, 3;
INSERT INTO totals SELECT enterprise_id, 'user', role, count(*) FROM users GROUP BY 1, 3;
INSERT INTO totals SELECT enterprise_id, 'document', permission, count(*) FROM documents GROUP BY 1, 3;

CREATE FUNCTION add_to_total(enterprise BIGINT, which TEXT, of_kind TEXT, more BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO totals VALUES (enterprise, which, of_kind, more);
    IF random() < 0.02 THEN
        WITH free AS (
            SELECT ctid FROM totals WHERE enterprise_id = enterprise AND noun = which FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM totals USING free WHERE totals.ctid = free.ctid RETURNING kind, n
        )
        INSERT INTO totals SELECT enterprise, which, kind, sum(n) FROM gone GROUP BY kind;
    END IF;
END $$;

CREATE FUNCTION class_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'class', added.class_status || ' ' || added.class_type, count(*)) FROM added GROUP BY enterprise_id, added.class_status || ' ' || added.class_type;
    RETURN NULL;
END $$;
CREATE TRIGGER class_comes AFTER INSERT ON classes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION class_comes();
CREATE FUNCTION class_changes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(OLD.enterprise_id, 'class', OLD.class_status || ' ' || OLD.class_type, -1);
    PERFORM add_to_total(NEW.enterprise_id, 'class', NEW.class_status || ' ' || NEW.class_type, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER class_changes AFTER UPDATE OF class_status, class_type ON classes FOR EACH ROW
    WHEN (OLD.class_status || ' ' || OLD.class_type <> NEW.class_status || ' ' || NEW.class_type) EXECUTE FUNCTION class_changes();
CREATE FUNCTION class_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'class', removed.class_status || ' ' || removed.class_type, -count(*)) FROM removed GROUP BY enterprise_id, removed.class_status || ' ' || removed.class_type;
    RETURN NULL;
END $$;
CREATE TRIGGER class_goes AFTER DELETE ON classes REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION class_goes();

CREATE FUNCTION user_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'user', added.role, count(*)) FROM added GROUP BY enterprise_id, added.role;
    RETURN NULL;
END $$;
CREATE TRIGGER user_comes AFTER INSERT ON users REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION user_comes();
CREATE FUNCTION user_changes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(OLD.enterprise_id, 'user', OLD.role, -1);
    PERFORM add_to_total(NEW.enterprise_id, 'user', NEW.role, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER user_changes AFTER UPDATE OF role ON users FOR EACH ROW
    WHEN (OLD.role <> NEW.role) EXECUTE FUNCTION user_changes();
CREATE FUNCTION user_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'user', removed.role, -count(*)) FROM removed GROUP BY enterprise_id, removed.role;
    RETURN NULL;
END $$;
CREATE TRIGGER user_goes AFTER DELETE ON users REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION user_goes();

CREATE FUNCTION document_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'document', added.permission, count(*)) FROM added GROUP BY enterprise_id, added.permission;
    RETURN NULL;
END $$;
CREATE TRIGGER document_comes AFTER INSERT ON documents REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION document_comes();
CREATE FUNCTION document_changes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(OLD.enterprise_id, 'document', OLD.permission, -1);
    PERFORM add_to_total(NEW.enterprise_id, 'document', NEW.permission, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER document_changes AFTER UPDATE OF permission ON documents FOR EACH ROW
    WHEN (OLD.permission <> NEW.permission) EXECUTE FUNCTION document_changes();
CREATE FUNCTION document_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'document', removed.permission, -count(*)) FROM removed GROUP BY enterprise_id, removed.permission;
    RETURN NULL;
END $$;
CREATE TRIGGER document_goes AFTER DELETE ON documents REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION document_goes();
