# Wer hier nicht fragen darf, oder noch nicht.

access-mentions = Auf diesem Server antworte ich nur auf Befehle. Nimm `/frage`.
access-channel = Hier darf ich nicht gefragt werden. Frag mich auf diesem Server in { $channels }.
access-role = Auf diesem Server dürfen mich nur Leute mit einer dieser Rollen fragen: { $roles }.
access-person = Du hast so oft gefragt, wie dieser Server es vorerst erlaubt. Du darfst wieder fragen: { $when }.
access-server = Dieser Server hat so oft gefragt, wie er es sich vorerst erlaubt. Du darfst wieder fragen: { $when }.
access-in = **{ $server }**: { $sentence }
access-undeclared = Das steht niemandem offen, denn es legt nicht fest, wer es benutzen darf. Bitte melde das den Betreibern dieses Bots.
