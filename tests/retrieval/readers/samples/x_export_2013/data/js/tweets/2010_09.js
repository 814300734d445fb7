Grailbird.data.tweets_2010_09 =
 [ {
  "source": "web",
  "entities": {
    "urls": []
  },
  "geo": {},
  "id_str": "20000000009",
  "text": "Six is late, says the captain &amp; the keeper.",
  "id": 20000000009,
  "created_at": "Thu Sep 02 18:30:05 +0000 2010",
  "user": {
    "name": "Ada",
    "screen_name": "ada",
    "protected": false,
    "id_str": "31",
    "id": 31
  },
  "in_reply_to_status_id": 20000000003,
  "in_reply_to_user_id": 31,
  "in_reply_to_screen_name": "ada"
}, {
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
} ]