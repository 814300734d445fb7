window.YTD.tweets.part1 = [
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400007549747200000",
      "id_str": "1400007549747200000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:33:05 +0000 2021",
      "full_text": "Our baker says more than fits into a post, and says it slowly."
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400007801405440000",
      "id_str": "1400007801405440000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:34:05 +0000 2021",
      "full_text": "An answer to a post that is gone.",
      "in_reply_to_status_id_str": "1400007298088960000",
      "in_reply_to_user_id_str": "31",
      "in_reply_to_screen_name": "ada"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400008053063680000",
      "id_str": "1400008053063680000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:35:05 +0000 2021",
      "full_text": "In winter the children warm their hands at the oven door.",
      "in_reply_to_status_id_str": "1400007549747200000",
      "in_reply_to_user_id_str": "31",
      "in_reply_to_screen_name": "ada"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400000251658240000",
      "id_str": "1400000251658240000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:04:05 +0000 2021",
      "full_text": "The lamp on the quay has moved, and nobody wrote down why."
    }
  }
]