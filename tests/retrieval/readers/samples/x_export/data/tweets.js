window.YTD.tweets.part0 = [
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
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400000503316480000",
      "id_str": "1400000503316480000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:05:05 +0000 2021",
      "full_text": "It was the ferry: its captain could not see the pier.",
      "in_reply_to_status_id_str": "1400000251658240000",
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
      "id": "1400000754974720000",
      "id_str": "1400000754974720000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:06:05 +0000 2021",
      "full_text": "So the lamp went north, at night, by hand.",
      "in_reply_to_status_id_str": "1400000503316480000",
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
      "id": "1400001006632960000",
      "id_str": "1400001006632960000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:07:05 +0000 2021",
      "full_text": "The quarrel is another story, and a longer one.",
      "in_reply_to_status_id_str": "1400000251658240000",
      "in_reply_to_user_id_str": "31",
      "in_reply_to_screen_name": "ada"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "urls": [
          {
            "url": "https://t.co/aaaaaaaaaa",
            "expanded_url": "https://example.org/?lamp=1&quay=2",
            "indices": [
              "39",
              "62"
            ]
          }
        ]
      },
      "id": "1400001258291200000",
      "id_str": "1400001258291200000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:08:05 +0000 2021",
      "full_text": "The &amp; keeper of the lamp writes at https://t.co/aaaaaaaaaa &lt;sometimes&gt;"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400001509949440000",
      "id_str": "1400001509949440000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:09:05 +0000 2021",
      "full_text": "RT @keeper: The lamp is where it always…"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400001761607680000",
      "id_str": "1400001761607680000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:10:05 +0000 2021",
      "full_text": "@keeper Yes.",
      "in_reply_to_status_id_str": "1400025165824000000",
      "in_reply_to_user_id_str": "77",
      "in_reply_to_screen_name": "keeper"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1400005033164800000",
            "1400005284823040000"
          ]
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400005033164800000",
      "id_str": "1400005033164800000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:23:05 +0000 2021",
      "full_text": "The oven is closd at noon."
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1400005033164800000",
            "1400005284823040000"
          ]
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400005284823040000",
      "id_str": "1400005284823040000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:24:05 +0000 2021",
      "full_text": "The oven is closed at noon."
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400005536481280000",
      "id_str": "1400005536481280000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:25:05 +0000 2021",
      "full_text": "The bread is better for it.",
      "in_reply_to_status_id_str": "1400005033164800000",
      "in_reply_to_user_id_str": "31",
      "in_reply_to_screen_name": "ada"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "media": [
          {
            "type": "photo",
            "id_str": "0",
            "url": "https://t.co/pppppppppp",
            "expanded_url": "https://x.com/ada/status/1/photo/1",
            "ext_alt_text": "A lamp on a quay"
          }
        ]
      },
      "id": "1400005788139520000",
      "id_str": "1400005788139520000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:26:05 +0000 2021",
      "full_text": "Look at the lamp. https://t.co/pppppppppp",
      "extended_entities": {
        "media": [
          {
            "type": "photo",
            "id_str": "0",
            "url": "https://t.co/pppppppppp",
            "expanded_url": "https://x.com/ada/status/1/photo/1",
            "ext_alt_text": "A lamp on a quay"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400010066329600000",
      "id_str": "1400010066329600000",
      "truncated": false,
      "created_at": "Wed Jun 02 09:00:00 +0000 2021",
      "full_text": "@keeper The lamp &amp; its keeper moved &lt;again&gt;, and this takes more words than fit. The lamp &amp; its keeper moved &lt;again&gt;, and this takes more words than fit. The lamp &amp; its keeper moved &lt;again&gt;, and this takes more words than fit. The… https://t.co/zzzzzzzzzz"
    }
  }
]