DROP TABLE given_lessons;
DROP TABLE visitors;
