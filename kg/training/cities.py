"""Arabic names of capitals and of cities that news speak of, by hand."""

from __future__ import annotations

#: State, English name of the capital, its Arabic names.
_CAPITALS = """
AF|Kabul|كابول;كابل
AL|Tirana|تيرانا
DZ|Algiers|الجزائر العاصمة;مدينة الجزائر
AO|Luanda|لواندا
AR|Buenos Aires|بوينس آيرس;بوينوس آيرس;بيونس أيرس
AM|Yerevan|يريفان
AU|Canberra|كانبرا;كانبيرا
AT|Vienna|فيينا
AZ|Baku|باكو
BH|Manama|المنامة
BD|Dhaka|دكا;داكا
BY|Minsk|مينسك;منسك
BE|Brussels|بروكسل;بروكسيل
BJ|Porto-Novo|بورتو نوفو
BT|Thimphu|تيمفو;تيمبو
BO|Sucre|سوكري
BA|Sarajevo|سراييفو;سراييفوا
BW|Gaborone|غابورون
BR|Brasília|برازيليا
BN|Bandar Seri Begawan|بندر سري بكاوان;بندر سيري بيغاوان
BG|Sofia|صوفيا
BF|Ouagadougou|واغادوغو;واجادوجو
BI|Gitega|غيتيغا
KH|Phnom Penh|بنوم بنه;بنوم بن;بنوم بينه
CM|Yaoundé|ياوندي
CA|Ottawa|أوتاوا
CV|Praia|برايا
CF|Bangui|بانغي
TD|N'Djamena|نجامينا;أنجمينا;إنجمينا;انجامينا
CL|Santiago|سانتياغو
CN|Beijing|بكين;بيجين;بيجينغ
CO|Bogotá|بوغوتا
KM|Moroni|موروني
CD|Kinshasa|كينشاسا
CG|Brazzaville|برازافيل
CR|San José|سان خوسيه;سان خوسي
CI|Yamoussoukro|ياموسوكرو
HR|Zagreb|زغرب;زاغرب
CU|Havana|هافانا
CY|Nicosia|نيقوسيا
CZ|Prague|براغ
DK|Copenhagen|كوبنهاغن;كوبنهاجن
DO|Santo Domingo|سانتو دومينغو
EC|Quito|كيتو
EG|Cairo|القاهرة
SV|San Salvador|سان سلفادور
GQ|Malabo|مالابو
ER|Asmara|أسمرة;أسمرا
EE|Tallinn|تالين
SZ|Mbabane|مبابان
ET|Addis Ababa|أديس أبابا;أديس ابابا
FJ|Suva|سوفا
FI|Helsinki|هلسنكي;هيلسنكي
FR|Paris|باريس
GA|Libreville|ليبرفيل
GM|Banjul|بانجول
GE|Tbilisi|تبليسي;تفليس;تيبليسي
DE|Berlin|برلين
GH|Accra|أكرا
GR|Athens|أثينا
GT|Guatemala City|غواتيمالا سيتي;مدينة غواتيمالا
GN|Conakry|كوناكري
GW|Bissau|بيساو
GY|Georgetown|جورج تاون
HT|Port-au-Prince|بورت أو برنس;بور أو برانس;بورت أو برانس
HN|Tegucigalpa|تيغوسيغالبا
HU|Budapest|بودابست
IS|Reykjavik|ريكيافيك
IN|New Delhi|نيودلهي;نيو دلهي
ID|Jakarta|جاكرتا;جاكارتا
IR|Tehran|طهران
IQ|Baghdad|بغداد
IE|Dublin|دبلن
IT|Rome|روما
JM|Kingston|كينغستون
JP|Tokyo|طوكيو
JO|Amman|عمّان;عمان
KZ|Astana|أستانا;آستانا;أستانة;نور سلطان
KE|Nairobi|نيروبي
KP|Pyongyang|بيونغ يانغ;بيونغيانغ;بيونج يانج;بيونجيانج;بيونغ يونغ;بيونيانغ
KR|Seoul|سيول;سيئول;سول
KW|Kuwait City|مدينة الكويت;الكويت العاصمة
KG|Bishkek|بشكيك;بيشكيك;بيشكك
LA|Vientiane|فيانتيان
LV|Riga|ريغا
LB|Beirut|بيروت
LS|Maseru|ماسيرو
LR|Monrovia|مونروفيا
LY|Tripoli|طرابلس
LI|Vaduz|فادوتس
LT|Vilnius|فيلنيوس
MG|Antananarivo|أنتاناناريفو
MW|Lilongwe|ليلونغوي
MY|Kuala Lumpur|كوالالمبور;كوالا لمبور
MV|Malé|ماليه
ML|Bamako|باماكو
MT|Valletta|فاليتا
MR|Nouakchott|نواكشوط
MU|Port Louis|بورت لويس
MX|Mexico City|مكسيكو سيتي;مدينة مكسيكو;مكسيكو
MD|Chișinău|كيشيناو;كيشيناوا;تشيسيناو;كيشينيف
MN|Ulan Bator|أولان باتور;أولان باتار
ME|Podgorica|بودغوريتسا
MA|Rabat|الرباط
MZ|Maputo|مابوتو
MM|Naypyidaw|نايبيداو;نايبيتاو;نيبيداو
NA|Windhoek|ويندهوك
NP|Kathmandu|كاتماندو;كاتمندو;كاثماندو
NL|Amsterdam|أمستردام
NZ|Wellington|ويلينغتون;ولنغتون
NI|Managua|ماناغوا
NE|Niamey|نيامي
NG|Abuja|أبوجا
MK|Skopje|سكوبيه;سكوبي
NO|Oslo|أوسلو
OM|Muscat|مسقط
PK|Islamabad|إسلام آباد;إسلام أباد;إسلامآباد;إسلاماباد
PS|Ramallah|رام الله
PA|Panama City|مدينة بنما;بنما سيتي
PG|Port Moresby|بورت مورسبي
PY|Asunción|أسونسيون
PE|Lima|ليما
PH|Manila|مانيلا
PL|Warsaw|وارسو
PT|Lisbon|لشبونة
QA|Doha|الدوحة
RO|Bucharest|بوخارست
RU|Moscow|موسكو
RW|Kigali|كيغالي
SA|Riyadh|الرياض
SN|Dakar|داكار;دكار
RS|Belgrade|بلغراد
SC|Victoria|فيكتوريا
SL|Freetown|فريتاون
SK|Bratislava|براتيسلافا
SI|Ljubljana|ليوبليانا
SO|Mogadishu|مقديشو;مقديشيو
ZA|Pretoria|بريتوريا
SS|Juba|جوبا
ES|Madrid|مدريد
LK|Colombo|كولومبو
SD|Khartoum|الخرطوم
SR|Paramaribo|باراماريبو
SE|Stockholm|ستوكهولم;استوكهولم
CH|Bern|برن
SY|Damascus|دمشق
TW|Taipei|تايبيه;تايبي;تايبه
TJ|Dushanbe|دوشنبه;دوشانبي
TZ|Dodoma|دودوما
TH|Bangkok|بانكوك
TL|Dili|ديلي
TG|Lomé|لومي
TN|Tunis|تونس العاصمة
TR|Ankara|أنقرة
TM|Ashgabat|عشق آباد;عشق أباد;أشغابات
UG|Kampala|كمبالا;كامبالا
UA|Kyiv|كييف
AE|Abu Dhabi|أبوظبي;أبو ظبي
GB|London|لندن
US|Washington D.C.|واشنطن;واشنطن العاصمة;العاصمة واشنطن
UY|Montevideo|مونتيفيديو;مونتفيديو
UZ|Tashkent|طشقند
VE|Caracas|كراكاس;كاراكاس
VN|Hanoi|هانوي
YE|Sana'a|صنعاء;صنعا
ZM|Lusaka|لوساكا
ZW|Harare|هراري
XK|Pristina|بريشتينا;بريستينا
EH|El Aaiún|العيون
"""

#: State -> English name of the capital, its Arabic names.
CAPITALS = {code: (name, arabic) for code, name, arabic in (line.split("|") for line in _CAPITALS.strip().splitlines())}

#: State, English name of the city, its Arabic names.
CITIES = """
UA|Kharkiv|خاركيف;خاركوف
UA|Odesa|أوديسا;أوديسة
UA|Dnipro|دنيبرو;دنيبروبيتروفسك
UA|Donetsk|دونيتسك;دونتسك;دانيتسك
UA|Luhansk|لوغانسك;لوهانسك;لوجانسك
UA|Zaporizhzhya|زابوريجيا;زابوريجيه;زاباروجيا;زابوروجيا
UA|Lviv|لفيف
UA|Mariupol|ماريوبول
UA|Kherson|خيرسون
UA|Mykolaiv|ميكولايف;نيكولاييف
UA|Sevastopol|سيفاستوبول;سيباستوبول
UA|Simferopol|سيمفيروبول
UA|Bakhmut|باخموت;أرتيوموفسك
UA|Avdiyivka|أفدييفكا;أفديفكا
UA|Pokrovsk|بوكروفسك
UA|Kramatorsk|كراماتورسك
UA|Sloviansk|سلوفيانسك
UA|Sievierodonetsk|سيفيرودونيتسك;سيفيرودونتسك
UA|Lysychansk|ليسيتشانسك
UA|Kupiansk|كوبيانسك
UA|Izyum|إيزيوم
UA|Melitopol|ميليتوبول
UA|Berdyansk|بيرديانسك
UA|Sumy|سومي
UA|Poltava|بولتافا
UA|Chernihiv|تشيرنيهيف;تشيرنيغوف;تشرنيهيف
UA|Zhytomyr|جيتومير
UA|Vinnytsya|فينيتسا
UA|Kryvyy Rih|كريفي ريه;كريفوي روغ
UA|Bucha|بوتشا
UA|Irpin|إيربين
UA|Toretsk|توريتسك
UA|Chasiv Yar|تشاسيف يار
UA|Vuhledar|فوهليدار;أوغليدار
UA|Kurakhove|كوراخوف;كوراخوفي
UA|Enerhodar|إنرهودار;إنيرغودار
UA|Kerch|كيرتش
UA|Chernobyl|تشيرنوبيل;تشرنوبل;تشرنوبيل
RU|Saint Petersburg|سانت بطرسبرغ;سان بطرسبورغ;سان بطرسبرغ;سان بطرسبرج;بطرسبورغ;سانت بطرسبورغ
RU|Kursk|كورسك
RU|Sudzha|سودجا
RU|Belgorod|بيلغورود;بلغورود;بيلجورود
RU|Bryansk|بريانسك
RU|Rostov-na-Donu|روستوف;روستوف أون دون;روستوف نا دونو
RU|Voronezh|فورونيج;فورونيغ
RU|Vladivostok|فلاديفوستوك
RU|Sochi|سوتشي
RU|Grozny|غروزني
RU|Kazan|قازان;كازان
RU|Kaliningrad|كالينينغراد
RU|Murmansk|مورمانسك
RU|Novosibirsk|نوفوسيبيرسك
RU|Yekaterinburg|يكاترينبورغ;يكاترينبرغ;إيكاترينبورغ
RU|Krasnodar|كراسنودار
RU|Engels|إنغلز
RU|Novorossiysk|نوفوروسيسك
RU|Khabarovsk|خاباروفسك
RU|Samara|سامارا
RU|Saratov|ساراتوف
RU|Volgograd|فولغوغراد
RU|Ryazan|ريازان
RU|Smolensk|سمولينسك
RU|Tambov|تامبوف
RU|Izhevsk|إيجيفسك
KP|Wonsan|وونسان
KP|Kaesong|كايسونغ
KP|Sinuiju|سينويجو
KP|Hamhung|هامهونغ
KR|Busan|بوسان
KR|Incheon|إنتشون;إنشيون
KR|Pyeongtaek|بيونغتايك;بيونغ تايك
CN|Shanghai|شنغهاي;شانغهاي
CN|Shenzhen|شينزين;شنتشن
CN|Guangzhou|غوانزو;غوانجو;كانتون
CN|Wuhan|ووهان
CN|Chengdu|تشنغدو
CN|Chongqing|تشونغتشينغ
CN|Tianjin|تيانجين
CN|Xiamen|شيامن
CN|Urumqi|أورومتشي;أورومتشى
CN|Lhasa|لاسا
CN|Harbin|هاربين
CN|Dalian|داليان
CN|Nanjing|نانجينغ
CN|Dandong|داندونغ
JP|Osaka|أوساكا
JP|Hiroshima|هيروشيما
JP|Nagasaki|ناغازاكي;نجازاكي;ناجازاكي
JP|Fukushima|فوكوشيما
JP|Kyoto|كيوتو
JP|Yokohama|يوكوهاما
JP|Kobe|كوبي
JP|Sapporo|سابورو
TW|Kaohsiung|كاوسيونغ;كاوهسيونغ
IN|Mumbai|مومباي;بومباي
IN|Delhi|دلهي
IN|Kolkata|كلكتا;كولكاتا
IN|Chennai|تشيناي
IN|Bengaluru|بنغالور
IN|Srinagar|سريناغار;سرينغار
IN|Jammu|جامو
IN|Amritsar|أمريتسار
IN|Ahmedabad|أحمد آباد
IN|Hyderabad|حيدر أباد الهندية
PK|Karachi|كراتشي;كاراتشي
PK|Lahore|لاهور
PK|Peshawar|بيشاور
PK|Quetta|كويتا;كويته
PK|Rawalpindi|روالبندي;راولبندي
PK|Gwadar|جوادر;غوادر
PK|Muzaffarabad|مظفر آباد;مظفر أباد
PK|Abbottabad|أبوت آباد;أبوت أباد;ابوتاباد
PK|Mingora|مينغورا
PK|Faisalabad|فيصل آباد
AF|Kandahar|قندهار
AF|Herat|هرات
AF|Mazar-e Sharif|مزار شريف;مزار الشريف
AF|Jalalabad|جلال آباد;جلال أباد
AF|Kunduz|قندوز
AF|Lashkar Gah|لشكركاه;لشكرجاه;لشكر جاه
AF|Ghazni|غزنة;غزني
AF|Khost|خوست
IR|Mashhad|مشهد الإيرانية
IR|Isfahan|أصفهان
IR|Shiraz|شيراز
IR|Tabriz|تبريز
IR|Natanz|نطنز
IR|Bandar Abbas|بندر عباس
IR|Ahvaz|الأهواز;الأحواز
IR|Bushehr|بوشهر
IR|Qom|قم
IR|Kermanshah|كرمانشاه
IR|Arak|آراك;أراك
IR|Abadan|عبادان
IQ|Mosul|الموصل
IQ|Basrah|البصرة
IQ|Erbil|أربيل;إربيل
IQ|Kirkuk|كركوك
IQ|Al Fallujah|الفلوجة
IQ|Ramadi|الرمادي
IQ|Tikrit|تكريت
IQ|As Sulaymaniyah|السليمانية
IQ|Najaf|النجف
IQ|Karbala|كربلاء
IQ|Baqubah|بعقوبة
IQ|Samarra|سامراء
IQ|Dihok|دهوك
IQ|Sinjar|سنجار
IQ|Nasiriyah|الناصرية
IQ|Tall ‘Afar|تلعفر;تل عفر
IQ|Hadithah|حديثة
IQ|Al Qa’im|القائم
IQ|Baiji|بيجي
SY|Aleppo|حلب
SY|Homs|حمص
SY|Hama|حماة
SY|Latakia|اللاذقية
SY|Idlib|إدلب;ادلب
SY|Daraa|درعا
SY|Ar Raqqah|الرقة
SY|Dayr az Zawr|دير الزور
SY|Al Hasakah|الحسكة
SY|Al Qamishli|القامشلي
SY|Tartus|طرطوس
SY|Tadmur|تدمر
SY|As Suwayda|السويداء
SY|Manbij|منبج
SY|Kobani|عين العرب;كوباني
SY|Afrin|عفرين
SY|Duma|دوما
SY|Az Zabadani|الزبداني
SY|Al Bukamal|البوكمال
SY|Azaz|أعزاز;إعزاز
SY|Jablah|جبلة
SY|Saraqib|سراقب
SY|Al Qunaytirah|القنيطرة
LB|Sidon|صيدا
LB|Tyre|صور
LB|Tripoli|طرابلس اللبنانية
LB|Baalbek|بعلبك
LB|Nabatiye|النبطية
LB|Zahle|زحلة
IL|Jerusalem|القدس;أورشليم
IL|Tel Aviv|تل أبيب
IL|Haifa|حيفا
IL|Ashdod|أشدود
IL|Ashkelon|عسقلان
IL|Beersheba|بئر السبع
IL|Eilat|إيلات
IL|Sderot|سديروت
IL|Dimona|ديمونة;ديمونا
IL|Nahariyya|نهاريا
IL|Netanya|نتانيا
PS|Gaza|غزة;مدينة غزة
PS|Khan Yunis|خان يونس;خانيونس
PS|Rafah|رفح
PS|Hebron|الخليل
PS|Nablus|نابلس
PS|Jenin|جنين
PS|Bethlehem|بيت لحم
PS|Jericho|أريحا
PS|Tulkarm|طولكرم
PS|Qalqilyah|قلقيلية
PS|Jabalia|جباليا
PS|Bayt Hanun|بيت حانون
PS|Bayt Lahya|بيت لاهيا
PS|Dayr al Balah|دير البلح
JO|Irbid|إربد
JO|Aqaba|العقبة
JO|Zarqa|الزرقاء
EG|Alexandria|الإسكندرية
EG|Giza|الجيزة
EG|Port Said|بورسعيد;بور سعيد
EG|Suez|السويس
EG|Ismailia|الإسماعيلية
EG|Al Arish|العريش
EG|Sharm el-Sheikh|شرم الشيخ
EG|Luxor|الأقصر
EG|Aswan|أسوان
EG|Taba|طابا
EG|Shaykh Zuwayd|الشيخ زويد
EG|Al ‘Alamayn|العلمين
LY|Benghazi|بنغازي
LY|Misratah|مصراتة
LY|Sirte|سرت
LY|Darnah|درنة
LY|Tobruk|طبرق
LY|Sabha|سبها
LY|Ajdabiya|أجدابيا;إجدابيا
LY|Az Zawiyah|الزاوية
LY|Sabratah|صبراتة
LY|Tarhuna|ترهونة
LY|Gharyan|غريان
LY|Zuwarah|زوارة
LY|Al Bayda|البيضاء
TN|Sfax|صفاقس
TN|Sousse|سوسة
TN|Bizerte|بنزرت
DZ|Oran|وهران
DZ|Constantine|قسنطينة
DZ|Tamanrasset|تمنراست
DZ|Tindouf|تندوف
MA|Casablanca|الدار البيضاء
MA|Marrakesh|مراكش
MA|Tangier|طنجة
MA|Fes|فاس
MA|Skhirat|الصخيرات
SD|Omdurman|أم درمان
SD|Port Sudan|بورتسودان
SD|El Fasher|الفاشر
SD|Nyala|نيالا
SD|El Geneina|الجنينة
SD|El Obeid|الأبيض
SD|Wad Medani|ود مدني;مدني
SD|Kassala|كسلا
SD|Merowe|مروي
SD|Atbara|عطبرة
SS|Malakal|ملكال
SS|Bor|بور
SS|Wau|واو
SO|Kismayo|كيسمايو
SO|Baidoa|بيدوا;بيداوة
SO|Hargeysa|هرجيسا
SO|Bosaso|بوصاصو
ET|Mek'ele|ميكيلي;مقلي
ET|Gondar|غوندر
ET|Dire Dawa|ديرة داوا
KE|Mombasa|مومباسا
KE|Garissa|غاريسا
NG|Lagos|لاغوس;لاجوس
NG|Maiduguri|مايدوغوري
NG|Kano|كانو
NG|Kaduna|كادونا
ML|Gao|غاو
ML|Timbuktu|تمبكتو;تومبوكتو
ML|Kidal|كيدال
ML|Mopti|موبتي
CD|Goma|غوما
CD|Bukavu|بوكافو
CD|Lubumbashi|لوبومباشي
BI|Bujumbura|بوجمبورا;بوجومبورا
CI|Abidjan|أبيدجان
NE|Agadez|أغاديز
CM|Douala|دوالا
MZ|Palma|بالما
ZA|Johannesburg|جوهانسبرغ;جوهانسبورغ
ZA|Cape Town|كيب تاون
ZA|Durban|ديربان
TZ|Dar es Salaam|دار السلام
YE|Aden|عدن
YE|Ta‘izz|تعز
YE|Al Hudaydah|الحديدة
YE|Ma'rib|مأرب;مارب
YE|Sa'dah|صعدة
YE|Al Mukalla|المكلا
YE|Zinjibar|زنجبار
YE|Ibb|إب
YE|Dhamar|ذمار
YE|Ad Dali‘|الضالع
YE|Lahij|لحج
YE|Ataq|عتق
YE|‘Amran|عمران
YE|Hajjah|حجة
YE|Mocha|المخا
YE|Al Bayda|مدينة البيضاء
YE|Lawdar|لودر
SA|Jeddah|جدة
SA|Mecca|مكة المكرمة;مكة
SA|Medina|المدينة المنورة
SA|Dammam|الدمام
SA|Dhahran|الظهران
SA|Jizan|جازان;جيزان
SA|Najran|نجران
SA|Abha|أبها
SA|Khamis Mushait|خميس مشيط
SA|Taif|الطائف
SA|Tabuk|تبوك
SA|Yanbu|ينبع
SA|Al Qatif|القطيف
SA|Ha'il|حائل
AE|Dubai|دبي
AE|Sharjah|الشارقة
AE|Fujairah|الفجيرة
AE|Ras Al Khaimah|رأس الخيمة
OM|Salalah|صلالة
OM|Duqm|الدقم
TR|Istanbul|إسطنبول;اسطنبول;إستنبول;استانبول
TR|Izmir|إزمير
TR|Adana|أضنة
TR|Diyarbakır|ديار بكر
TR|Gaziantep|غازي عنتاب
TR|Antalya|أنطاليا
TR|Antakya|أنطاكيا;أنطاكية
TR|Suruç|سوروج
TR|Kilis|كيليس
TR|Mersin|مرسين
TR|Trabzon|طرابزون
TR|Şanlıurfa|شانلي أورفا
TR|Van|وان
AZ|Xankandi|ستيباناكيرت;خانكندي
AZ|Ganja|غنجة
AZ|Shushi|شوشة;شوشا
AM|Gyumri|غيومري
GE|Batumi|باتومي
GE|Sokhumi|سوخومي
GE|Tskhinvali|تسخينفالي
GE|Gori|غوري
KZ|Almaty|ألماتي;ألما آتا;ألما أتا
UZ|Samarkand|سمرقند
KG|Osh|أوش
MD|Tiraspol|تيراسبول
BY|Brest|بريست
BY|Gomel|غوميل
BY|Babruysk|بوبرويسك
PL|Rzeszów|جيشوف;رزيسزو
PL|Gdańsk|غدانسك
PL|Kraków|كراكوف
PL|Lublin|لوبلين
RO|Constanța|كونستانتسا
LT|Kaunas|كاوناس
EE|Narva|نارفا
DE|Munich|ميونيخ;ميونخ
DE|Hamburg|هامبورغ
DE|Frankfurt am Main|فرانكفورت
DE|Bonn|بون
DE|Köln|كولونيا
DE|Stuttgart|شتوتغارت
DE|Leipzig|لايبزيغ
DE|Dresden|دريسدن
DE|Potsdam|بوتسدام
DE|Ramstein-Miesenbach|رامشتاين
FR|Marseille|مرسيليا
FR|Lyon|ليون
FR|Nice|نيس
FR|Strasbourg|ستراسبورغ
FR|Toulouse|تولوز
FR|Calais|كاليه
FR|Cannes|كان
FR|Versailles|فرساي
GB|Manchester|مانشستر
GB|Birmingham|برمنغهام
GB|Edinburgh|إدنبرة
GB|Glasgow|غلاسكو;غلاسغو
GB|Liverpool|ليفربول
GB|Belfast|بلفاست
GB|Salisbury|سالزبري
IT|Milan|ميلانو
IT|Naples|نابولي
IT|Turin|تورينو
IT|Venice|البندقية
ES|Barcelona|برشلونة
ES|Valencia|بلنسية;فالنسيا
ES|Seville|إشبيلية
ES|Melilla|مليلية
ES|Ceuta|سبتة
NL|The Hague|لاهاي
NL|Rotterdam|روتردام
BE|Antwerpen|أنتويرب;أنفرس
BE|Mons|مونس
CH|Geneva|جنيف
CH|Zürich|زيورخ;زيوريخ
CH|Lausanne|لوزان
CH|Davos|دافوس
CH|Basel|بازل
AT|Salzburg|سالزبورغ
SE|Malmö|مالمو
SE|Göteborg|غوتنبرغ;غوتنبورغ
NO|Bergen|بيرغن
GR|Thessaloníki|سالونيك
CY|Limassol|ليماسول
CY|Larnaca|لارنكا
BA|Srebrenica|سربرنيتسا;سريبرينيتسا
BA|Mostar|موستار
BA|Banja Luka|بانيا لوكا
HR|Split|سبليت
RS|Niš|نيش
XK|Mitrovicë|ميتروفيتسا
US|New York City|نيويورك
US|Los Angeles|لوس أنجلوس;لوس أنجليس
US|Chicago|شيكاغو
US|San Francisco|سان فرانسيسكو
US|Houston|هيوستن
US|Miami|ميامي
US|Boston|بوسطن
US|Dallas|دالاس
US|Seattle|سياتل
US|Detroit|ديترويت
US|Las Vegas|لاس فيغاس
US|Atlanta|أتلانتا
US|Philadelphia|فيلادلفيا
US|San Diego|سان دييغو
US|Anchorage|أنكوريدج;أنكوراج
US|Honolulu|هونولولو
US|New Orleans|نيو أورلينز
US|Orlando|أورلاندو
US|Minneapolis|مينيابوليس
CA|Toronto|تورونتو
CA|Montréal|مونتريال
CA|Vancouver|فانكوفر
CA|Halifax|هاليفاكس
MX|Tijuana|تيخوانا
MX|Ciudad Juárez|سيوداد خواريز
BR|Rio de Janeiro|ريو دي جانيرو
BR|São Paulo|ساو باولو
AR|Rosario|روساريو
VE|Maracaibo|ماراكايبو
CO|Medellín|ميديين;ميديلين
CU|Guantánamo|غوانتانامو;غوانتنامو
BO|La Paz|لاباز
EC|Guayaquil|غواياكيل
AU|Sydney|سيدني
AU|Melbourne|ملبورن
AU|Perth|بيرث
AU|Darwin|داروين
AU|Brisbane|بريزبان;بريزبين
NZ|Christchurch|كرايستشيرش
NZ|Auckland|أوكلاند
VN|Ho Chi Minh City|هو تشي منه;مدينة هو تشي منه;هوشي منه;سايغون
TH|Pattaya|باتايا
MM|Yangon|يانغون;رانغون
MM|Mandalay|ماندالاي
MM|Sittwe|سيتوي
ID|Surabaya|سورابايا
ID|Denpasar|دينباسار
PH|Marawi|ماراوي
PH|Davao|دافاو
PH|Cebu City|سيبو
LK|Kandy|كاندي
LK|Jaffna|جفنا
BD|Cox's Bazar|كوكس بازار
BD|Chattogram|شيتاغونغ
"""

_AMBIGUOUS = (
    "آراك|أراك|أوش|إب|الأبيض|البندقية|البيضاء|الجنينة|الخليل|الزاوية|الزرقاء|السلام|العقبة|العيون|القائم|الناصرية|بال|بالما|برن|بريست|بور|بون|"
    "بيجي|تدمر|جبلة|حائل|حجة|حديثة|دار|دار السلام|داروين|دوما|ديلي|روساريو|سامارا|سبليت|سوسة|سوفا|سومي|سيبو|شوشا|شوشة|صور|طابا|عتق|عمان|عمران|"
    "عمّان|غاو|غنجة|غوري|فاس|فيكتوريا|قم|كان|كاندي|كوبي|لاسا|لومي|ليما|ليون|ماليه|مدني|مروي|مسقط|مشهد|موبتي|مونس|نيس|نيش|وان|واو"
)
#: Names that are ordinary words, persons' names or other places at least as often: they match only when asked for.
AMBIGUOUS = frozenset(_AMBIGUOUS.split("|"))

_SHORT = "تعز جدة حلب حمص دبي دكا رفح سرت عدن غزة لحج مكة"
#: Names of three letters that are no words; other such names are ambiguous.
SHORT = frozenset(_SHORT.split())

_SKIPPED = (
    "Al Başrah al Qadīmah|Al Mawşil al Jadīdah|Bozhou|Brooklyn|Jepara|Manhattan|Pokhara|Quzhou|Rostov-on-Don|أباجي|أكوري|ألسان|أوستن|"
    "ارموسييو سونورا|الأحمدي|الزان|العين|الورن|انيانغ|بريلي|بواكي|بوجوا|بورت إليزابيث|بورصة|بورمة|بيلو أفق|تان هوا|تانه هوا|توسان|جامبي|جنان|"
    "دوق دي كاكسياس|رانشي|روستوو نا دانو|زاريا|سا بورو|سا ن جوز|ساراجوسا|سالتا|سالفادور|سالوادور|سانيا|ساوتي|سلوادور|سوسوتا|شارلوت|شاه عالم|"
    "ظةنجان|فو جو|فينيكس|قورقان|قيصري|قيصرية|كان ثو|كاندي|كاياو|كلبركة|كنانجا|كو زهو|كولومبوس|كوليتاكان|لان جو|ماردة|ماريه ديل بلاتا|ماسيو|مالاجا|"
    "مالكا|محافظة الفيوم|ميدان|ناتال|هاميلتون|همدان"
)
#: Cities, by English name, and Arabic names that GeoNames has and that mislead or are other words.
SKIPPED = frozenset(_SKIPPED.split("|"))
