DROP TABLE timers;
DROP TABLE board_items;
DROP TABLE board_pages;
DROP TABLE boards;
