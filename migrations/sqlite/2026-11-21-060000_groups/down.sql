DROP TABLE group_removals;
DROP TABLE messages;
DROP TABLE group_members;
DROP TABLE groups;
