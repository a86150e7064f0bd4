# ruff: noqa: SIM905  (tables of words read best as words)
"""Common given names of the Arabic-script cultures, in both scripts.

Made by `python -m benchmarks.given_names`: do not edit. Folded text (`didban.match.scripts.fold`).
"""

from __future__ import annotations

from typing import Final

ARABIC: Final = frozenset(
    """
    ابتسام ابراهیم اجمل احسان احسن احلام احمد احمدی اختر ادریس ادم ادهم ادیب اذر اردشیر ارسلان
    ارش ارشد ارمان ارمین اریا اریج ارین ازاده اسامه اسحاق اسد اسراء اسعد اسلام اسلم اسماء
    اسماعیل اسکندر اسیا اسیل اشرف اشفاق اشکان اصغر اصف اظهر اعجاز اعظم اغا افتاب افتخار افسانه
    افشین افضل اقبال الاء الاحمد الامین البرت البشیر الحبیب الحسن الحسین الزهراء الصادق الطاف
    الطاهر العربی المهدی الهادی الهاشمی الهام الهه الیاس امار امال امانی امجد امل امنه امید امیر
    امیره امیل امیمه امین امینه اندریه انس انطوان انور انیس انیسه اویس اکبر اکرام اکرم ایاد ایاز
    ایت ایدا ایرج ایلی ایلیا ایمان ایمن ایناس ایه ایهاب ایوب بابا بابر بابک باسل باسم باقر بثینه
    بدر برهان بسام بسمه بشار بشری بشیر بطرس بلال بلقاسم بندر بهاء بهار بهجت بهرام بهروز بهزاد
    بهمن بهنام بهیه بوعلام بول بکر بین بیژن بییر تاج تامر ترکی تقی تنویر تورج توفیق تیسیر ثابت
    ثامر ثریا جابر جاسم جامع جان جاوید جبار جبریل جعفر جلال جلیل جمال جمانه جمشید جمعه جمیل
    جمیله جهاد جهانگیر جواد جورج جوزیف جون جیهان حاتم حارث حازم حامد حاکم حبیب حبیبه حسام حسان
    حسن حسنی حسین حسینی حفیظ حلمی حلیم حلیمه حمادی حمد حمدان حمدی حمزه حمود حمید حمیده حمیرا حنا
    حنان حنیف حواء حوریه حکمت حکیم حیات حیاه حیدر خالد خان خدیجه خرم خسرو خضر خلود خلیفه خلیل
    خمیس خواجه خورشید خوله خیری داریوش دالیا دانا دانیال داود داوود دعاء دلال دلیله دنیا دیانا
    دینا ذوالفقار ذیشان رؤوف رائد رابح رابعه راجه راشد راضی رافت رامی رامین رانا رانیا رانیه
    رباب رباح ربیع رجا رجاء رجب رحمان رحمه رحیم رسول رشا رشاد رشدی رشید رشیده رضا رضوان رفعت
    رفیق رقیه رمزی رمضان رنا رنده روان روبرت روبینه روحالله روزبه رولا ریاض ریان ریتا ریحانه ریم
    ریما ریمون ریهام زاهد زاهر زبیده زبیر زهرا زهره زهور زهیر زکریا زکریاء زکی زکیه زیاد زید زین
    زینب زینه ساجد سارا ساره سالار سالم سام سامان سامح سامر سامی سامیه ستار سجاد سحر سراج سرفراز
    سرمد سرور سروش سعاد سعد سعدی سعدیه سعود سعید سعیده سفیان سلام سلامه سلمان سلمی سلوی سلیم
    سلیمان سلیمه سماح سمانه سمر سمیر سمیرا سمیره سمیه سناء سنیه سهام سهراب سهیر سهیل سهیله
    سودابه سوزان سوسن سونیا سپیده سکندر سکینه سیامک سیاوش سیدی سیروس سیرین سیف سیما سیمون سیمین
    سینا شادی شازیه شاه شاهد شاهده شاهرخ شاهین شاپور شاکر شبنم شبیر شذی شروین شریف شعبان شعیب
    شفیق شمس شمیم شهاب شهباز شهد شهرام شهریار شهزاد شهلا شهناز شهین شوقی شوکت شکری شکیب شکیل شیر
    شیرین شیما شیماء صابر صادق صالح صبا صباح صبحی صبری صدیق صفاء صفدر صفیه صلاح صمد صوفیا ضیاء
    طارق طالب طاهر طاهره طلال طلعت طونی طیب ظفر ظهیر عائشه عابد عادل عارف عاصم عاطف عاطفه عالم
    عالیه عامر عایده عباس عبله عبید عبیر عثمان عدنان عدی عرفان عزت عزه عزیز عزیزه عصام عصمت عطا
    عطیه عفاف عفیف عقیل علا علاء علی علیاء عماد عمار عمر عمران عمرو عواطف عوض عون عیسی غاده غازی
    غانم غزاله غسان غلام فؤاد فائز فائزه فاتحه فاتن فادی فادیه فارس فاروق فاضل فاطمه فالح فایز
    فایزه فتحی فتحیه فخری فدوی فراس فرامرز فرج فرح فرحان فرخ فردوس فرزاد فرزانه فرشاد فرشته
    فرشید فرهاد فریال فریبا فریبرز فرید فریده فریدون فضل فضیله فلاح فهد فهمی فهیم فهیمه فواز
    فوزی فوزیه فیاض فیروز فیصل فیض فیلیب قادر قاسم قاضی قمر قیس قیصر لؤی لارا لبنی لحسن لخضر
    لطفی لطفیه لطیف لطیفه لمیاء لیاقت لیث لیدیا لیلا لیلی لیلیا لینا لیندا مؤید ماجد ماجده ماری
    ماریا ماریه مازن مازیار مالک مامون ماهر مایا مایکل مبارک متعب متین مجاهد مجتبی مجد مجدی مجید
    محبوب محسن محمد محمدی محمود محند مختار مخدوم مدحت مدیحه مراد مرتضی مرزا مرضیه مروان مروه
    مریم مسعود مسلم مشتاق مشعل مصطفی مصعب مظفر مظهر معاذ معتز معز معصومه معن معین ملک ملیحه
    ملیکه ممتاز ممدوح منال منتصر منجی منذر منصف منصور منظور منور منوچهر منی منیر منیره منیژه مها
    مهتاب مهدی مهر مهران مهرداد مهسا مهناز مهند مهوش موریس موسوی موسی موفق مولای مولود مونا
    مژگان مکرم میاں میترا میثم میر میرزا میرنا میسون میشال میشیل میلاد میلود مینا مینو نائله
    ناجی نادر نادیا نادین نادیه نازنین ناصر ناظم نانسی ناهد ناهید نایف نبیل نبیله نثار نجاح نجاه
    نجلاء نجوی نجیب ندا ندی ندیم نذیر نرگس نزار نزهه نزیهه نسرین نسیم نسیمه نصر نصرت نصیر نضال
    نعمان نعیم نعیمه نفیسه نهاد نهال نهله نهی نواز نواف نوال نور نورا نوره نوری نوید نگار نگین
    نیلوفر نیما هاجر هادی هارون هاشم هاشمی هاله هانی هبه هدی هشام هلال هما همایون همایوں هنا
    هناء هند هنری هوشنگ هومن هیام هیثم هیفاء وائل وجدی وجیه وحید وداد وسام وسیم وفاء وقار ولی
    ولید پدرام پرویز پروین پوریا پویا پژمان پیام پیر پیمان چودھری چوهدری ژاله ژیلا کاشف کاظم
    کامران کامل کاوه کرم کریم کریمه کلثوم کمال کنزه کوثر کوروش کیوان کیومرث گوهر گیتی یارا یاسر
    یاسمین یاسمینه یاسین یحیی یدالله یسرا یسری یعقوب یمنی یوسف یونس
""".split()
)

LATIN: Final = frozenset(
    """
    aamir abbas abeer abid abolfazl achraf adam adel adham adib adil adnan afaf afif afsaneh
    afshin aftab afzal agha ahlam ahmad ahmadi ahmed ahsan aicha aida aisha ait ajmal akbar
    akhtar akram alaa alam albert ali alia aly amal amale amani amar ameer amel amer amin amina
    amine amira amjad ammar amna amor amr anas anis anissa anouar antoine anwar aqeel arash
    ardeshir aref arif arman armin arsalan arshad asad asghar ashfaq ashkan ashraf asif asim
    aslam asma asmaa ata atef atefeh atif awad aya ayad ayesha ayman aymen ayoub ayub azadeh
    azam azar azhar aziz aziza azza azzedine aïcha aït baba babak babar bachir bader badr bahar
    bahman bahram bandar bashar bashir basil basma bassam bassem bechir behnam behrouz behzad
    bibi bijan bilal bilel boualem brahim bushra béchir chaima chaudhary chaudhry cheb cherif
    chérif dalal dalia dalila dana danial daniel daoud dariush daud david davood davoud davud
    diana dima dina djamel doaa donia driss ebrahim edward ehsan ejaz elham elias elie emad eman
    erfan esmaeil esmail essam ezzat fadel fadhel fadi fadia fadwa fahad fahd fahmi faisal faiz
    faiza fakhri faleh faouzi farah faraj faramarz fares farhad farhan farhat fariba fariborz
    farid farida farideh faris farooq farouk farshad farshid faruk farzaneh farès fateh fatemeh
    faten fathi fathia fatiha fatima fatma fawaz fawzi fawzia fayez fayçal fazal faïçal feras
    fereshteh fereydoun fereydun fethi fouad fuad gabriel gamal george georges ghada ghanem
    ghasem ghassan ghazi gholam ghulam gohar gul habib habiba hadi hafez haidar haider haifa
    haitham hakim hala halim halima hamad hamadi hamdan hamdi hamdy hamed hameed hamid hamida
    hamoud hamza hana hanan hani hanif hanna hany haroon hasan hashem hashemi hashim hassan
    hassen hatem hayat haytham hazem heba hedi henri hesham hiba hicham hichem hikmat hilal hind
    hisham hocine hoda homa homayoun hooman hosam hosein hosni hossam hossein hosseini houcine
    houda houshang huda humayun husain hushang hussain hussam hussein hédi ibrahim ibtissam
    idris idriss iftikhar ihab ihsan ijaz ikram ilyas imad iman imane imran iqbal iraj irfan isa
    ishaq ismael ismail ismaïl issa issam iyad izzat jabbar jaber jafar jahangir jalal jalil
    jama jamal jamel jamil jamila jamshid jan jana janet jasim jassem jassim javad javed jawad
    jean jihad jihan john joseph juma kamal kamel kamil kamran kaouther karam karim karima
    kashif kaveh kazem kazi keyvan khadija khaled khalid khalifa khalil khamis khan khawaja
    khawla khosro khosrow khurram kourosh lahcen laila lakhdar lamia lamine lara larbi latif
    latifa layla leila leïla lina lotfi lydia madiha magda magdi magdy maha mahdi maher mahmood
    mahmoud mahmud mahsa mahtab mai majed majid makhdoom malak malek malik malika mamdouh manal
    manouchehr mansoor mansour manuchehr manzoor maria mariam marwa marwan mary maryam masood
    masoud masoumeh massoud maurice may maya maytham mazen mazhar medhat mehdi mehmood mehran
    mehrdad meisam meriem meysam mhamed mian michael michel milad miloud mina mir miriam mirza
    mitra moataz moez mohamad mohamed mohammad mohammadi mohammed mohand mohannad mohsen mohsin
    mojtaba mokhtar mona moncef mongi morad morteza mostafa moulay mouloud mouna mounir mourad
    mousa mousavi moussa moustafa moustapha mozhgan mubarak muhammad muhammed muhsin mumtaz
    munir munira murad murtaza musa mushtaq mustafa mustapha myriam nabil nabila nacer nada
    nadeem nader nadia nadim nadine nadir nadiyah naeem nahed nahid nahla naim naima najah najat
    naji najib najla najwa nancy naseem naseer naser nasim nasir nasr nasrin nasser nassim navid
    nawaf nawal nawaz nayef nazanin nazir neda negar negin nejib nezha nicolas nihad nima nisar
    nizar noor nora nour noura nouri obaid ola omaima omar omer omid osama osman othman oussama
    parvin parviz paul payam pedram peter peyman pierre pouya qais qamar qasim qazi rabab rabah
    rabia rabie rachid rachida raed rafat rafik rafiq rahma raja ramadan rami ramin ramy ramzi
    rana randa rania rao raouf rasha rashad rashed rasheed rashid rasoul rayan raymond raza reda
    redouane reem reham reza riad riadh riaz ridha rima rita riyad rizwan robert rola rouhollah
    roya ruhollah saad saadia saba sabah saber sabri sadegh sadeq sadia sadiq sadok saeed saeid
    safa safaa safdar safia sahar saida saif sajid sajjad salah salam salar saleem saleh salem
    salih salim salima salma salman salwa sam samad samah saman samaneh samar sameh samer sami
    samia samir samira samy sana sanaa saoud sara sarah sarmad sarwar saud sawsan saïd seif
    selim selma sepideh shabnam shadi shafiq shah shahab shahbaz shaheen shahid shahida shahin
    shahla shahnaz shahram shahrokh shaker shakir shamim sharif shatha shaukat shawqi shazia
    sher sherif shirin shoaib siamak siavash sid sidi siham sima simin sina sirous slaheddine
    slim slimane sofia sofiane sohail soheil sohrab sonia soraya soroush souad soufiane suad
    subhi suhail sulaiman suleiman taghi taha tahar taher tahir talaat talal talat taleb talib
    tamer taoufik taqi tarek tareq tarik tariq tawfik tawfiq tony turki umar usman uthman vahid
    victor wael wafa wafaa wahid waleed wali walid waqar waseem wassim widad william wissam
    wissem yacine yadollah yahia yahya yara yaser yasin yasir yasmin yasmina yasmine yasser
    yassin yassine youcef younes younis younès yousef yousif youssef yousuf yusuf zafar zahid
    zahra zaid zainab zakaria zaki zakia zeeshan zeina zeinab zia ziad zied zineb ziyad zohra
    zohreh zouhair zouheir zubair zuhair zulfiqar
""".split()
)
