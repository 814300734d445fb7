# Wer hier nicht fragen darf, oder noch nicht.

access-mentions = Auf diesem Server antworte ich nur auf Befehle. Nimm `/frage`.
access-channel = Hier beantworte ich keine Fragen. Auf diesem Server kannst du mich in { $channels } fragen.
access-role = Auf diesem Server beantworte ich nur Fragen von Mitgliedern mit einer dieser Rollen: { $roles }.
access-person = Du hast dein Limit auf diesem Server erreicht. Du kannst mich { $when } wieder fragen.
access-server = Dieser Server hat sein Limit erreicht. Du kannst mich { $when } wieder fragen.
access-in = **{ $server }**: { $sentence }
access-undeclared = Das ist für niemanden freigegeben, weil nicht festgelegt ist, wer es benutzen darf. Bitte melde das den Betreibern dieses Bots.
