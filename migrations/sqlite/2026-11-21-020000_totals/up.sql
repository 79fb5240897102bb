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
-- below alone.
CREATE TABLE totals (
    enterprise_id BIGINT NOT NULL,
    noun TEXT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, noun, kind)
) WITHOUT ROWID;

INSERT INTO totals SELECT enterprise_id, 'class', class_status || ' ' || class_type, count(*) FROM classes GROUP BY 1, 3;
INSERT INTO totals SELECT enterprise_id, 'user', role, count(*) FROM users GROUP BY 1, 3;
INSERT INTO totals SELECT enterprise_id, 'document', permission, count(*) FROM documents GROUP BY 1, 3;

CREATE TRIGGER class_comes AFTER INSERT ON classes BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'class', NEW.class_status || ' ' || NEW.class_type, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER class_changes AFTER UPDATE OF class_status, class_type ON classes
WHEN OLD.class_status <> NEW.class_status OR OLD.class_type <> NEW.class_type BEGIN
    UPDATE totals SET n = n - 1
        WHERE enterprise_id = OLD.enterprise_id AND noun = 'class' AND kind = OLD.class_status || ' ' || OLD.class_type;
    INSERT INTO totals VALUES (NEW.enterprise_id, 'class', NEW.class_status || ' ' || NEW.class_type, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER class_goes AFTER DELETE ON classes BEGIN
    UPDATE totals SET n = n - 1
        WHERE enterprise_id = OLD.enterprise_id AND noun = 'class' AND kind = OLD.class_status || ' ' || OLD.class_type;
END;

CREATE TRIGGER user_comes AFTER INSERT ON users BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'user', NEW.role, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER user_changes AFTER UPDATE OF role ON users WHEN OLD.role <> NEW.role BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'user' AND kind = OLD.role;
    INSERT INTO totals VALUES (NEW.enterprise_id, 'user', NEW.role, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER user_goes AFTER DELETE ON users BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'user' AND kind = OLD.role;
END;

CREATE TRIGGER document_comes AFTER INSERT ON documents BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'document', NEW.permission, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_changes AFTER UPDATE OF permission ON documents WHEN OLD.permission <> NEW.permission BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'document' AND kind = OLD.permission;
    INSERT INTO totals VALUES (NEW.enterprise_id, 'document', NEW.permission, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_goes AFTER DELETE ON documents BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'document' AND kind = OLD.permission;
END;
