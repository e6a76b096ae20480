// What people choose when they are asked for twelve characters, written down from the yearly lists of leaked
// passwords and from how they are lengthened: a word everyone takes, then a year, a count or a walk over the keys.
// `isCommonPassword` puts these together, so the list needs the parts and not their thousands of combinations.
// All lower case, without blanks; `@ 0 1 3 4 5 7 $ !` in their letters' place are found by themselves.

/** Words and short passwords that longer ones are made of. */
export const COMMON_STEMS: readonly string[] = `
password passwort passwords motdepasse contrasena contraseña clave senha parola wachtwoord haslo hasło heslo salasana lozinka sifre şifre adgangskode losenord lösenord passord kennwort
pass passw passwd pwd passcode passphrase secret geheim secreto segredo letmein letmeinnow openup opensesame sesame welcome welcome1 willkommen bienvenue bienvenido benvenuto
login logmein signin access admin administrator root toor user username guest test tester testing default changeme change temp temporary demo sample example master system server
computer internet windows linux ubuntu android iphone samsung google facebook instagram youtube twitter amazon netflix microsoft apple nintendo playstation minecraft fortnite roblox pokemon
qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc qweasd qweasdzxc asdzxc poiuytrewq lkjhgfdsa mnbvcxz drowssap abcdef
iloveyou loveyou iloveu lovely love loveme loverboy lovelove lover teamo tequiero jetaime ichliebedich amore amor mylove mybaby babygirl babyboy baby sweetheart sweety honey darling beautiful
forever always never together happy happiness smile princess prince queen king angel angels heaven jesus jesuschrist christ god godisgood blessed faith hope lucky freedom peace
monkey dragon tiger lion eagle panther wolf bear horse puppy kitty kitten doggy mickey minnie snoopy garfield butterfly dolphin elephant unicorn bunny turtle chicken penguin spider snake shark
sunshine sunflower flower flowers rainbow summer winter autumn spring fall sommer herbst fruhling frühling verano invierno otono otoño primavera printemps automne hiver estate inverno
january february march april june july august september october november december januar februar marz märz juni juli oktober dezember enero febrero marzo mayo junio julio agosto septiembre octubre noviembre diciembre janvier fevrier février avril juin juillet aout août septembre octobre novembre decembre décembre
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes jueves viernes sabado domingo
football soccer baseball basketball hockey tennis golf swimming volleyball cricket rugby gymnastics skating futbol fussball fußball liverpool chelsea arsenal manchester united barcelona realmadrid juventus milan inter napoli benfica porto celtic rangers everton tottenham
cowboys steelers packers patriots eagles lakers yankees redsox raiders broncos giants dodgers cubs bulls celtics warriors chicago boston dallas texas california newyork london paris berlin madrid roma america canada mexico brasil brazil india germany deutschland france espana españa italia england scotland ireland australia russia ukraine poland polska turkiye türkiye pakistan indonesia malaysia singapore
michael jessica ashley daniel jennifer michelle nicole joshua matthew andrew anthony robert thomas william george charlie jordan hunter taylor amanda samantha elizabeth charlotte sophie sophia olivia emma isabella victoria natalie alexander alexandra alexandre alejandro alejandra christian christopher christine christina jonathan benjamin nicholas patrick vanessa stephanie melissa danielle jasmine brandon justin austin tyler dylan maggie ginger buster bailey cookie pepper sparky rocky buddy lucky shadow sammy coco lucky oliver harley bella molly daisy sadie maria marina carlos antonio francesco francesca giuseppe alessandro andrea martina valentina fernando fernanda roberto ricardo eduardo gabriel gabriela rafael daniela mariana juliana camila carolina
superman batman spiderman ironman hulk avengers starwars skywalker harrypotter hogwarts gandalf frodo naruto sasuke goku pikachu matrix terminator jamesbond slipknot metallica nirvana eminem blink182 greenday beatles elvis bonjovi onedirection justinbieber
killer ninja pirate samurai warrior soldier hunter sniper ranger phantom thunder lightning storm fire phoenix diamond crystal silver golden purple orange yellow green black white blackjack blue red pink
chocolate cheese cookie cookies banana apple cherry strawberry peanut pepper coffee vodka whiskey pizza hamburger pancake spaghetti vanilla candy sugar sweet
mustang corvette ferrari porsche mercedes toyota honda yamaha suzuki harley harleydavidson camaro chevy ford nissan subaru bmw audi lamborghini kawasaki
money dollar million billion business company office manager boss service support helpdesk hello hallo holla hola bonjour goodmorning goodbye thankyou please whatever nothing anything something everything someone nobody trustno1 trustme fuckyou fuckme fuckoff asshole bitch pussy bullshit shithead
school college university student teacher doctor nurse engineer manager family mother father mommy mummy daddy mama papa brother sister friend friends bestfriend familia hermano mother grandma children
ninja jordan23 michaeljordan ronaldo cristiano messi neymar kobe lebron maradona schalke bayern dortmund hamburg galatasaray fenerbahce besiktas
dragonball dragonfire blackcat blackhorse whiteboy bigdaddy bigdick bigboy hotmail gmail yahoo outlook aol abc123 abcd1234 a1b2c3 a1b2c3d4 aa123456 pass123 pass1234 p455w0rd qwe123 zaq12wsx 1qaz2wsx zaqwsx xsw21qaz
starlight starbucks rockstar superstar superhero supergirl skateboard snowboard snowball snowflake firefly fireman policeman computer1 internet1 creative creative1 midnight moonlight sunset sunrise mountain ocean river island beach paradise dream dreams dreamer magic mystery mystic victory winner champion
mynameis thisis this that what is my the and for you your yours are new old just only ever yes please nopassword mypass mypassword yourpassword thepassword newpassword oldpassword onlyme itsme forme foryou
christmas xmas halloween easter birthday newyear holiday vacation weekend weihnachten navidad noel natale
gfhjkm ghbdtn ghjcnj flvbybcnhfnjh fktrcfylh dkflbvbh cthutq fylhtq yfnfif vfhbyf vfrcbv ghbywtccf ytgfhjkm sojdlg
`
  .trim()
  .split(/\s+/)

/** Long favourites that are made of rarer words: phrases, titles, verses, examples from comics and documentation. */
export const COMMON_PHRASES: readonly string[] = `
correcthorsebatterystaple thequickbrownfox thequickbrownfoxjumps thequickbrownfoxjumpsoverthelazydog loremipsumdolor loremipsumdolorsitamet hackmeifyoucan tobeornottobe tobeornottobethatisthequestion
iamlegend iamironman iamthebest iamthewalrus iamyourfather iamthekingoftheworld luckyluciano maytheforcebewithyou liveandletdie livelaughlove liveloveandlaugh livelifetothefullest carpediem carpediem1 hakunamatata hakunamatata1
onceuponatime happilyeverafter somewhereovertherainbow twinkletwinklelittlestar twinkletwinkle maryhadalittlelamb rowrowrowyourboat happybirthday happybirthdaytoyou merrychristmas happynewyear
ihavenopassword idontknow idontknowmypassword iforgotmypassword iforgot imsosorry whatismypassword whatsmypassword whatisthepassword thisismypassword thisisapassword thisisnotapassword thisisasecret nobodyknows donttellanyone dontforget dontforgetme rememberme rememberthis
trustnoone trustnobody believeinyourself believeinme neversaynever nevergiveup nevergonnagiveyouup neverforget nevermind dontworrybehappy everythingisawesome allyouneedislove ineedyou imissyou imissyousomuch iloveyouforever iloveyoubaby iloveyousomuch iloveyoumore iloveyou1000 loveyouforever foreveryoung foreverandever friendsforever bestfriendsforever bestfriends4ever
jesuslovesme jesusislord jesusismylord jesusisking godislove godisgreat ingodwetrust thankyoujesus thankyoulord holyspirit heavenlyfather johnthreesixteen thelordismyshepherd psalm23
winteriscoming gameofthrones lordoftherings harrypotter1 starwars1 startrek startrekvoyager livelongandprosper thewalkingdead breakingbad stairwaytoheaven hotelcalifornia bohemianrhapsody enterthesandman linkinpark linkinpark1 backstreetboys redhotchilipeppers avengedsevenfold systemofadown thebeatles rollingstones
spongebob squarepants spongebobsquarepants scoobydoo mickeymouse minniemouse donaldduck winniethepooh hellokitty looneytunes bugsbunny simpsons homersimpson bartsimpson powerrangers teletubbies finalfantasy counterstrike callofduty grandtheftauto worldofwarcraft leagueoflegends dungeonsanddragons
manchesterunited realmadridcf fcbarcelona fcbayern fcbayernmunchen borussiadortmund schalke04 liverpoolfc arsenalfc chelseafc glasgowrangers celticfc acmilan juventusfc galatasaray1905 fenerbahce1907 bocajuniors riverplate dallascowboys pittsburghsteelers chicagobulls newyorkyankees bostonredsox losangeleslakers
unitedstates unitedkingdom newyorkcity losangeles sanfrancisco lasvegas rockandroll heavymetal motherfucker sonofabitch gotohell fuckyoubitch kissmyass suckmydick
administrator localadmin domainadmin superuser supersecret topsecret supersecretpassword verysecret verysecretpassword secretpassword strongpassword goodpassword bestpassword longpassword securepassword securitypassword password12chars twelvecharacters adminadmin rootroot testtest guestguest useruser tempaccount
defaultpassword initialpassword temporarypassword changethispassword pleasechangeme pleasechangethis changemenow changemeplease changeit companyname yourcompany yourname firstnamelastname
leavemealone sonyericsson unbelievable needforspeed supernatural professional intelligence devilmaycry transformers international cosmopolitan peanutbutter ticketmaster residentevil punksnotdead philadelphia nightcrawler
greenlantern stratocaster construction sleepyhollow satisfaction mortalkombat iseedeadpeople fucktheworld whosyourdaddy chesterfield scandinavian warhammer40k mychemicalromance rumpelstiltskin happytreefriends cristianoronaldo
raidersofthelostark piratesofthecaribbean youknowyouloveme vancouvercanucks sheffieldunited theworldisyours princeofdarkness whysoserious avrillavigne massimiliano passwordstandard pornographic masturbation lost4815162342 4815162342lost
`
  .trim()
  .split(/\s+/)

/** Rows, columns and zigzags of the common keyboards, as the fingers walk them; also walked backwards. */
export const KEYBOARD_WALKS: readonly string[] = `
1234567890-= qwertyuiop[]\\ asdfghjkl;' zxcvbnm,./ qwertzuiopü+ asdfghjklöä yxcvbnm,.- azertyuiop qsdfghjklm wxcvbn !@#$%^&*()_+ !"§$%&/()=
1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/ 1qa2ws3ed4rf5tg6yh7uj8ik9ol 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 1a2s3d4f5g6h7j8k9l qawsedrftgyhujikolp azsxdcfvgbhnjmk zaq1xsw2cde3vfr4bgt5nhy6mju7 qazwsxedcrfvtgbyhnujm !qaz@wsx#edc$rfv 147258369 159357 789456123 741852963 qweasdzxc 1q1q2w2w3e3e q2w3e4r5t6y7u8i9o0 a1b2c3d4e5f6g7h8i9 1a2b3c4d5e6f7g8h9i abc123def456ghi789
zxcasdqwe qazxswedcvfrtgbnhyujm 12qw34er56ty78ui90op qwaszxerdfcv zaqwsxcderfvbgtyhn a1s2d3f4g5h6j7k8 123qweasdzxc 123ewqasdcxz 112233445566778899 010203040506070809 122333444455555 102030405060708090 123qwe456rty qwertasdfgzxcvb
`
  .trim()
  .split(/\s+/)
