window.YTD.account.part0 = [
  {
    "account": {
      "username": "ada",
      "accountId": "31",
      "email": "ada@example.org",
      "accountDisplayName": "Ada"
    }
  }
]