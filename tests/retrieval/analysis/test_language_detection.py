"""What language texts are in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.language_detection import detect_language
from retrieval.analysis.stop_words import languages

POSTS = {
    "ar": [
        "تأخر القطار هذا الصباح ساعة كاملة بسبب الضباب.",
        "أعلنت الحكومة أنها سوف تخفض الضرائب على الخبز.",
        "هل تعرفون أين يمكن شراء كتب مستعملة في هذه المدينة؟",
    ],
    "be": [
        "Сёння раніцай цягнік спазніўся амаль на гадзіну.",
        "Улады абвясцілі, што зменяць закон аб школах.",
        "Мы даўно не былі ў гэтым горадзе, але ўсё памятаем.",
    ],
    "bg": [
        "Влакът тази сутрин закъсня с почти един час.",
        "Правителството обяви, че ще намали данъците върху хляба.",
        "Не съм сигурен кой от тях е прав, но трябва да се провери.",
    ],
    "ca": [
        "Aquest matí el tren ha arribat amb una hora de retard.",
        "El govern diu que abaixarà els impostos del pa.",
        "No sé pas on són les claus, però segur que les vaig deixar a l'escola.",
    ],
    "cs": [
        "Vlak měl dnes ráno skoro hodinu zpoždění.",
        "Vláda oznámila, že sníží daně z pečiva.",
        "Nevím, kdo z nich má pravdu, ale už by se to mělo vyjasnit.",
    ],
    "da": [
        "Toget var næsten en time forsinket i morges.",
        "Regeringen siger, at den vil sænke afgiften på brød.",
        "Jeg ved ikke, hvem af dem der har ret, men nogen burde undersøge det.",
    ],
    "de": [
        "Der Zug hatte heute früh fast eine Stunde Verspätung.",
        "Die Regierung will die Steuer auf Brot senken.",
        "Ich weiß nicht, wer von ihnen recht hat, aber das sollte man prüfen.",
    ],
    "el": [
        "Το τρένο είχε σήμερα το πρωί μία ώρα καθυστέρηση.",
        "Η κυβέρνηση ανακοίνωσε ότι θα μειώσει τον φόρο στο ψωμί.",
        "Δεν ξέρω ποιος έχει δίκιο.",
    ],
    "en": [
        "The train was almost an hour late this morning.",
        "The government says it will lower the tax on bread.",
        "I don't know which of them is right, but somebody ought to check.",
    ],
    "eo": [
        "La trajno malfruis hodiaŭ matene preskaŭ unu horon.",
        "La registaro diras, ke ĝi malaltigos la imposton pri pano.",
        "Mi ne scias, kiu el ili pravas, sed iu devus kontroli tion.",
    ],
    "es": [
        "El tren llegó esta mañana con casi una hora de retraso.",
        "El gobierno dice que va a bajar el impuesto del pan.",
        "No sé quién de ellos tiene razón, pero alguien debería comprobarlo.",
    ],
    "et": [
        "Rong jäi täna hommikul peaaegu tunni hiljaks.",
        "Valitsus teatas, et alandab leiva maksu.",
        "Ma ei tea, kellel neist on õigus, aga keegi peaks seda kontrollima.",
    ],
    "eu": [
        "Trena ia ordubete berandu iritsi da gaur goizean.",
        "Gobernuak esan du ogiaren gaineko zerga jaitsiko duela.",
        "Ez dakit zeinek duen arrazoia, baina norbaitek begiratu beharko luke.",
    ],
    "fa": [
        "قطار امروز صبح تقریباً یک ساعت دیر رسید.",
        "دولت می‌گوید که مالیات نان را کم خواهد کرد.",
        "نمی‌دانم کدام یک از آنها درست می‌گوید، اما باید بررسی شود.",
    ],
    "fi": [
        "Juna oli tänä aamuna melkein tunnin myöhässä.",
        "Hallitus kertoi, että se alentaa leivän veroa.",
        "En tiedä, kuka heistä on oikeassa, mutta jonkun pitäisi tarkistaa se.",
    ],
    "fr": [
        "Le train avait presque une heure de retard ce matin.",
        "Le gouvernement dit qu'il va baisser la taxe sur le pain.",
        "Je ne sais pas lequel d'entre eux a raison, mais il faudrait vérifier.",
    ],
    "ga": [
        "Bhí an traein beagnach uair an chloig déanach ar maidin.",
        "Deir an rialtas go laghdóidh sé an cháin ar arán.",
        "Níl a fhios agam cé acu atá ceart, ach ba chóir do dhuine éigin é a sheiceáil.",
    ],
    "he": [
        "הרכבת איחרה הבוקר כמעט שעה.",
        "הממשלה הודיעה כי היא תוריד את המס על הלחם.",
        "אני לא יודע מי מהם צודק, אבל כדאי לבדוק.",
    ],
    "hi": [
        "आज सुबह ट्रेन लगभग एक घंटा देर से आई।",
        "सरकार का कहना है कि वह रोटी पर कर कम करेगी।",
        "मुझे नहीं पता कि उनमें से कौन सही है।",
    ],
    "hu": [
        "A vonat ma reggel majdnem egy órát késett.",
        "A kormány azt mondja, hogy csökkenti a kenyér adóját.",
        "Nem tudom, melyiküknek van igaza, de valakinek ezt ellenőriznie kellene.",
    ],
    "hy": [
        "Այսօր առավոտյան գնացքը գրեթե մեկ ժամ ուշացավ։",
        "Կառավարությունն ասում է, որ կնվազեցնի հացի հարկը։",
        "Չգիտեմ՝ նրանցից ով է ճիշտ։",
    ],
    "id": [
        "Kereta tadi pagi terlambat hampir satu jam.",
        "Pemerintah mengatakan akan menurunkan pajak atas roti.",
        "Saya tidak tahu siapa yang benar, tetapi hal itu harus diperiksa.",
    ],
    "it": [
        "Stamattina il treno aveva quasi un'ora di ritardo.",
        "Il governo dice che abbasserà la tassa sul pane.",
        "Non so chi di loro abbia ragione, ma qualcuno dovrebbe controllare.",
    ],
    "ja": [
        "今朝の電車は一時間近く遅れました。",
        "政府はパンの税金を下げると発表した。",
        "誰が正しいのか分かりません。",
    ],
    "ko": [
        "오늘 아침 기차가 거의 한 시간 늦었다.",
        "정부는 빵에 대한 세금을 내리겠다고 했다.",
        "누가 옳은지 모르겠다.",
    ],
    "lt": [
        "Traukinys šįryt vėlavo beveik valandą.",
        "Vyriausybė sako, kad sumažins duonos mokestį.",
        "Nežinau, kuris iš jų yra teisus, bet reikia tai patikrinti.",
    ],
    "ne": [
        "आज बिहान रेल झन्डै एक घण्टा ढिलो आयो।",
        "सरकारले रोटीमा लाग्ने कर घटाउने भएको छ।",
        "उनीहरूमध्ये को सही हो, मलाई थाहा छैन।",
    ],
    "nl": [
        "De trein had vanochtend bijna een uur vertraging.",
        "De regering zegt dat ze de belasting op brood zal verlagen.",
        "Ik weet niet wie van hen gelijk heeft, maar iemand moet het nakijken.",
    ],
    "no": [
        "Toget var nesten en time forsinket i dag tidlig.",
        "Regjeringen sier at den vil senke avgiften på brød.",
        "Jeg vet ikke hvem av dem som har rett, men noen burde undersøke det.",
    ],
    "pl": [
        "Pociąg spóźnił się dziś rano prawie o godzinę.",
        "Rząd mówi, że obniży podatek od chleba.",
        "Nie wiem, kto z nich ma rację, ale ktoś powinien to sprawdzić.",
    ],
    "pt": [
        "O trem chegou hoje de manhã com quase uma hora de atraso.",
        "O governo diz que vai baixar o imposto do pão.",
        "Não sei qual deles tem razão, mas alguém deveria verificar.",
    ],
    "ro": [
        "Trenul a avut azi-dimineață aproape o oră întârziere.",
        "Guvernul spune că va reduce taxa pe pâine.",
        "Nu știu care dintre ei are dreptate, dar cineva ar trebui să verifice.",
    ],
    "ru": [
        "Сегодня утром поезд опоздал почти на час.",
        "Правительство заявило, что снизит налог на хлеб.",
        "Я не знаю, кто из них прав, но это нужно проверить.",
    ],
    "sk": [
        "Vlak mal dnes ráno skoro hodinu meškanie.",
        "Vláda oznámila, že zníži dane z pečiva.",
        "Neviem, kto z nich má pravdu, ale niekto by to mal overiť.",
    ],
    "sr": [
        "Воз је јутрос каснио скоро један сат.",
        "Влада каже да ће смањити порез на хлеб.",
        "Не знам ко је од њих у праву, али би то требало проверити.",
    ],
    "st": [
        "Terene e ne e diehile hoo e ka bang hora hoseng hona.",
        "Mmuso o re o tla theola lekgetho la bohobe.",
        "Ha ke tsebe hore na ke mang ya nepileng, empa ba lokela ho hlahloba.",
    ],
    "sv": [
        "Tåget var nästan en timme försenat i morse.",
        "Regeringen säger att den ska sänka skatten på bröd.",
        "Jag vet inte vem av dem som har rätt, men någon borde undersöka det.",
    ],
    "ta": ["இன்று காலை ரயில் ஒரு மணி நேரம் தாமதம்.", "அரசு ரொட்டி வரியைக் குறைக்கும்.", "யார் சரி என்று தெரியவில்லை."],
    "th": ["เช้านี้รถไฟมาช้าเกือบหนึ่งชั่วโมง", "รัฐบาลบอกว่าจะลดภาษีขนมปัง", "ไม่รู้ว่าใครพูดถูก"],
    "tr": [
        "Bu sabah tren neredeyse bir saat gecikti.",
        "Hükümet ekmek vergisini düşüreceğini söylüyor.",
        "Hangisinin haklı olduğunu bilmiyorum ama birinin bakması gerek.",
    ],
    "uk": [
        "Сьогодні вранці потяг запізнився майже на годину.",
        "Уряд заявив, що знизить податок на хліб.",
        "Я не знаю, хто з них має рацію, але це треба перевірити.",
    ],
    "vi": [
        "Sáng nay tàu đến muộn gần một giờ.",
        "Chính phủ nói rằng sẽ giảm thuế bánh mì.",
        "Tôi không biết ai trong số họ đúng, nhưng cần phải kiểm tra.",
    ],
    "yi": [
        "די באַן האָט זיך הײַנט פֿאַרשפּעטיקט כּמעט אַ שעה.",
        "די רעגירונג זאָגט אַז זי װעט פֿאַרקלענערן דעם שטײַער אױף ברױט.",
        "איך װײס נישט װער פֿון זײ איז גערעכט.",
    ],
    "zh": ["今天早上的火车晚点了将近一个小时。", "政府表示将降低面包税。", "我不知道他们谁是对的。"],
}


@pytest.mark.parametrize("language", POSTS)
def test_three_posts_tell_their_language(language: str) -> None:
    assert detect_language(POSTS[language]) == language


def test_nearly_every_single_post_tells_its_language() -> None:
    told = [detect_language([post]) == language for language, posts in POSTS.items() for post in posts]
    assert sum(told) >= 0.85 * len(told)


def test_every_language_with_stop_words_is_detected() -> None:
    assert set(languages()) <= set(POSTS)


@pytest.mark.parametrize("text", ["", "???", "🧵 1/12", "2024", "Bobbin", "https://example.org/les/de/la"])
def test_too_little_text_is_taken_for_english(text: str) -> None:
    assert detect_language([text]) == "en"


def test_no_text_at_all_is_taken_for_english() -> None:
    assert detect_language([]) == "en"


def test_names_handles_and_quotes_in_latin_letters_do_not_hide_the_language() -> None:
    assert detect_language(["@nytimes пишет, что в Kyiv Independent об этом уже было. #news"]) == "ru"
    assert detect_language(["OpenAIのChatGPTが新しくなった"]) == "ja"


def test_serbian_is_detected_in_both_its_scripts() -> None:
    assert (
        detect_language(["Ne znam ko je od njih u pravu, ali bi to trebalo proveriti, jer će biti kasno."])
        == "sr"
    )


def test_a_text_of_two_languages_is_of_the_one_it_has_more_of() -> None:
    assert detect_language([*POSTS["de"], POSTS["en"][0]]) == "de"


@given(st.lists(st.text()))
def test_any_text_has_some_language(texts: list[str]) -> None:
    assert detect_language(texts).isalpha()
