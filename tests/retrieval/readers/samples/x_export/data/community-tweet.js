window.YTD.community_tweet.part0 = [
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "urls": []
      },
      "id": "1400012582912000000",
      "id_str": "1400012582912000000",
      "truncated": false,
      "created_at": "Wed Jun 02 08:53:05 +0000 2021",
      "full_text": "A post to the community of keepers."
    }
  }
]