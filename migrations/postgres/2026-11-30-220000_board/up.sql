-- The board of a class: which page is shown, which whiteboard pages there are (a JSON list of their numbers), and how much is
-- drawn on all pages. A class without a row has the board that every class begins with.
CREATE TABLE boards (
    class_id BIGINT NOT NULL PRIMARY KEY REFERENCES classes ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    shown_page TEXT NOT NULL,
    shown_step BIGINT NOT NULL,
    whiteboards TEXT NOT NULL,
    last_whiteboard BIGINT NOT NULL,
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

-- The pages that something was drawn on, and how much. The number of items is the position of the last one.
CREATE TABLE board_pages (
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    page TEXT COLLATE "C" NOT NULL,
    enterprise_id BIGINT NOT NULL,
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (class_id, page)
);

-- What was drawn on a page, in its order. A removed item can come back.
CREATE TABLE board_items (
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    page TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    item_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    removed BOOLEAN NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (class_id, page, position),
    UNIQUE (class_id, page, item_id)
);

-- The timer of a class.
CREATE TABLE timers (
    class_id BIGINT NOT NULL PRIMARY KEY REFERENCES classes ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    start_time BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    state TEXT NOT NULL
);
