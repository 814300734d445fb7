# Words that several families use.

posts = { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
threads = { $count ->
    [one] { $count } thread
   *[other] { $count } threads
}

# What people say beside questions, a phrase between bars, without case and marks.

phrases-greeting = hello | hello there | hi | hi there | hey | hey there | heya | yo | good morning | good evening | good day | greetings | help | help me | help please | please help | what can you do | what do you do | who are you | what are you | how do you work | how does this work | how do i use you | commands | info | start
phrases-small-talk = thanks | thank you | thanks a lot | thank you so much | thank you very much | thanks so much | many thanks | thx | ty | tysm | tyvm | cheers | ok | okay | ok thanks | okay thanks | ok thank you | k | kk | okey | alright | all right | cool | nice | nice one | great | perfect | awesome | amazing | wow | good | good bot | bad bot | well done | good job | lol | lmao | rofl | haha | hahaha | hehe | xd | yes | yep | yeah | yup | sure | got it | i see | makes sense | true | same | ping | test | testing | bye | goodbye | good night | see you | np | no problem | youre welcome | welcome | sorry | oops | nvm | never mind | love it | this | interesting | thanks bot | gg
phrases-doubt = no | nope | not that | wrong | thats wrong | not what i asked | not what i meant | more | next | huh | what | and | and then | go on | really
