window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "5",
      "createdAt": "2021-06-02T09:00:01.000Z",
      "core": {
        "text": "@keeper The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit. The lamp & its keeper moved <again>, and this takes more words than fit.",
        "urls": [],
        "mentions": []
      }
    }
  }
]