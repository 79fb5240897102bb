DROP TABLE media_requests;
DROP TABLE media_places;
DROP TABLE media_instances;
