Grailbird.data.tweets_2010_08 =
 [ {
  "source": "web",
  "entities": {
    "urls": []
  },
  "geo": {},
  "id_str": "20000000003",
  "text": "The ferry comes at six.",
  "id": 20000000003,
  "created_at": "2010-08-31 00:00:00 +0000",
  "user": {
    "name": "Ada",
    "screen_name": "ada",
    "protected": false,
    "id_str": "31",
    "id": 31
  }
}, {
  "source": "web",
  "entities": {
    "urls": []
  },
  "geo": {},
  "id_str": "20000000001",
  "text": "Nobody waits for the ferry any more.",
  "id": 20000000001,
  "created_at": "2010-08-30 00:00:00 +0000",
  "user": {
    "name": "Ada",
    "screen_name": "ada",
    "protected": false,
    "id_str": "31",
    "id": 31
  }
} ]