# Who may not ask here, or not yet.

access-mentions = In this server I answer commands only. Use `/ask`.
access-channel = I may not be asked here. In this server, ask me in { $channels }.
access-role = In this server I may only be asked by people with one of these roles: { $roles }.
access-person = You have asked as often as this server allows for now. You may ask again { $when }.
access-server = This server has asked as often as it allows itself for now. You may ask again { $when }.
access-in = **{ $server }**: { $sentence }
access-undeclared = This is not open to anyone: it does not declare who may use it. Please report that to the operator of this bot.
