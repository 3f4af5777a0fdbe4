/** Services that give out keys and tokens without a prefix of their own; in lower case, without separators. */
export const SERVICES: readonly string[] = `
17track 1password 2c2p 8x8 ably abuseipdb abyssale accuweather activecampaign activeloop adafruit adalo
adobe adyen adzuna aerospike aeroworkflow afterpay aftership agentops agilecrm agora ahrefs ai21 airbnb
airbrake airbyte aircall airship airtable airvisual aiven akamai akeyless alchemer alchemy alconost alegra
alephalpha aletheiaapi algolia alibaba alienvault alipay aliyun allsports alpaca alphavantage amadeus amazon
ambee amocrm amplitude anchorbrowser ankr anrok anthropic anypoint anyrun anyscale apacta api2cart apiflash
apifonica apify apigee apilayer apimatic apimetrics apitemplate apollo appcenter appcircle appcues
appdynamics appetize appfollow applitools appointedd appoptics appsflyer appsheet appsignal appsmith
appsynergy apptivo appveyor appwrite aquasec arangodb arbiscan arcgis argocd arize artifactory artsy arweave
asana assemblyai atera atlassian attio audd auth0 authelia authentik authorizenet authress autodesk
autoklose avalara avaza aviationstack aweber aws axonaut aylien ayrshare azure back4app backblaze
backendless baichuan baidu balena bamboohr bandwidth bannerbear baremetrics basecamp baserow baseten beamer
beebole belvo benchmarkemail besnappy besttime betterstack betteruptime beyondtrust bfl bigcommerce bigpanda
bilibili billdesk billomat binance binaryedge bing bintray bitbar bitbucket bitcoinaverage bitdefender
bitfinex bitget bitgo bitly bitmex bitpay bitrise bitrix24 bitstamp bittrex bitwarden blackduck blandai
blazemeter blitapp blockchair blockcypher blockfrost blocknative blogger bluesky bluesnap blynk boldsign
bombbomb boomi boostnote borgbase braintree braintrust branchio brandfetch brandwatch brave braze breezyhr
brevo brightdata browserbase browserling browserstack browshot bscscan btcpay buddyns buddyworks budibase
bugcrowd bugherd bugsnag bugzilla buildkite bulbul bulksms bunnycdn buttercms buymeacoffee bybit bytedance
caflou calcom calendarific calendly calorieninja campaignmonitor campayn canny caprover capsulecrm
captaindata carbonblack carboninterface cardano cartesia cashboard cashfree caspio catchpoint ccavenue
cctestreporter cdn77 celigo censys centralstation cerebras cerner cexio chainalysis chainstack chargebee
chargify chartmogul chatbot chatfuel chatfule chatra chatwoot checio checklyhq checkmarx checkmk checkvist
cherryservers chronosphere cicero circleci cirrusci cisco civo clarifai clay clearbit clerk clevertap
clickhelp clickhouse clickpipes clicksend clickup cliengo clientary clinchpad clockify clockwork clojars
closecrm cloudant cloudbees cloudconvert cloudelements cloudflare cloudimage cloudinary cloudmersive cloudns
cloudplan cloudsight cloudsmith cloudways clovax cloverly cloze clustdoc cockroachdb coda codeanywhere
codeberg codeclimate codecov codefresh codeium codemagic codequiry codesandbox codeship cognism cognitoforms
cohere coinapi coinbase coingate coingecko coinlayer coinlib coinmarketcap coinpayments collect2 comet
commercejs companyhub complyadvantage composio conekta configcat confluent constantcontact contabo
contentful contentsquare conversiontools convertapi convertio convertkit convexdev convier coolify copyai
coreweave cortexxdr cosmosdb couchbase couchdb countly countrylayer courier covalent coveralls craftmypdf
crazyegg cribl cricapi criipto crowdin crowdstrike cryptlex cryptocompare cryptopanic culqi currencycloud
currencyfreaks currencylayer currencyscoop currentsapi customerio cyberark cybersource d7network daily
dandelion dareboost darktrace dashlane dashscope databento databox databricks datadog datadome dataforseo
datagov datastax debank debounce deepai deepeval deepgram deepinfra deepl deepseek deepset deepsource
dehashed delhivery delighted delinea deliveroo demio denodo deribit descope detectify detectlanguage
deviantart dgraph dialogflow dialpad diffbot diggernaut digicert digitalocean discogs discord disqus dlocal
dnscheck dnsimple dnsmadeeasy docker docparser docraptor docsearch docspring documo docusign dodopayments
dokku dokploy doordash doppler dotdigital douyin dovico dragonflydb dragonpay dreamstudio dremio dronahq
droneci dropbox duffel duply dwolla dydx dynadot dynalist dynamodb dynatrace dyspatch eagleeyenetworks
easydns easyinsight easypost easyship ebanx ebay ecobee ecostruxureit ecwid edamam edenai edgedb edgedelta
edgio egnyte eightxeight elastic elevenlabs emaillistverify emarsys emnify enablex env0 equinix eraserio
esri etherscan ethplorer etsy eventbrite everhour evernote exaai exasol exchangerate exoscale exotel expedia
exportsdk expressvpn extractorapi facebook faceplusplus facepp fanarttv faspay fastforex fastly fastspring
fauna featherless fedex feedier fetchrss fibery figma filebase fileio filestack fillout finage
financialmodelingprep findl fingerprintjs finicity finnhub firebase fireblocks firebolt firecrawl
firehydrant fireworksai fishaudio fitbit fivetran fixer flagsmith flatio fleetbase flexera flickr flightapi
flightaware flightlabs flightstats flowflu fluidstack flutterwave flyio fmfw fofa forgejo forgerock
formbucket formcraft formio formkeep formsite formspark formspree formstack fortinet fossa foursquare
frameio freemius freshbooks freshcaller freshchat freshdesk freshping freshsales freshworks friendliai
friendlycaptcha frontapp frontegg ftmscan fulcrum fullcontact fullstory fusebill fusionauth fxmarket galileo
gandi garmin gateio gcore gcp geckoboard geetest gemfury gemini genderapi genesiscloud gengo geoapify
geocodify geocodio geoipify getemail getgeoapi getgist getresponse getsandbox gettyimages gigachat giphy
gitea github gitlab gitpod gitter gladia glassnode glideapps glitchcom glitterly gnews gocanvas gocardless
gocd godaddy golioth goodday google gorgias govee grafana graphcms graphhopper greenhouse greenkeeper
greenplum greynoise groovehq groq grubhub gtmetrix gumroad gupshup gyazo hackerone hankoio hapikey happi
happyfox happyscribe harvest hashicorp hashnode hasura haveibeenpwned hazelcast hcaptcha heatmap helicone
helium helius hellosign helpcrunch helpscout hereapi heroku hetzner heygen hibob hightouch hiveage
holidayapi homeassistant homebridge honeybadger honeycomb hootsuite hostinger hotjar html2pdf huaweicloud
hubapi hubitat hubspot huggingface humanity humanloop humeai hunter hunyuan huobi hybiscus hybridanalysis
hyperbolic hyperbrowser hyperpay hyperping hypertrack ibm icims icinga iconfinder ideogram idrive iexapis
iexcloud iflytek ifttt igdb imagekit imagga imgbb imgix imgur imperva incapsula incidentio inedo infisical
influxdata influxdb infobip infura infusionsoft insightly instabot instabug instagram instamojo instana
instatus integromat intelx intercom interseller intray intrinio invoiceocean inworld inwx ionos ip2location
ipapi ipdata ipgeolocation ipifi ipify ipinfo ipquality iproyal ipstack iugu jarvislabs jazzhr jenkins jfrog
jigsawstack jina jira jitsu jivochat joesandbox jotform jsdelivr judgeme jumio jumpcloud jupiterone juro
juspay justcall justworks jwplayer kagi kaiko kakaopay kaleyra kamatera kanban kapwing karix karmacrm kayako
keap keenio keycdn keycloak keydb keygen kibana kickbox kinde kinvey kissmetrics kiteconnect klarna klaviyo
klipfolio knapsackpro kochava kommo kontent kount koyeb kraken kuaishou kucoin kushki kustomer kylas
labelbox lacework lagrange lakera lambdalabs lambdatest lancedb landingai langchain langfuse langsmith
langtrace languagelayer langwatch laposte larksuite lastfm lastpass launchdarkly leadfeeder leakix leanplum
leaseweb lemlist lemonsqueezy lendflow leonardoai lessannoyingcrm letsencrypt lexigram licensespring lifx
lightrun lightstep linear linemessaging linenotify linked linkpreview linode litellm liveagent livechatinc
livekit livestorm llamacloud llamaindex llamaparse loadmill lob localazy localstack locationiq logdna
logentries logflare loggly logicmonitor loginradius logmein logrocket logz lokalise looker loqate losant
lovoai loyverse luckyorange lunarcrush lunchmoney lusha lytics m3o madkudu magento magicbell mailboxlayer
mailboxvalidator mailchimp mailerlite mailersend mailgun mailjet mailmodo mailpace mailsac mailslurp
mailtrap make malshare malwarebytes mandrill mapbox mapmyindia mapquest maptiler marketstack marqo mastodon
materializedb matomo matrixorg mattermost mavenlink maxio maxmind meaningcloud mediastack medusajs
meilisearch meistertask meltwater mem0 memfault memgraph meraki mercadopago mesibo message messari metaapi
metabase meteostat metrilo mexc mezmo microsoft midise midjourney midtrans milvus mindmeister minio miro
mistral mixedbread mixmax mixpanel mlflow mockaroo modal moengage mollie momentohq monday mongodb
monkeylearn moonclerk moonpay moonshot moosend moralis motherduck mouseflow mparticle mrticktock msg91
mulesoft mullvad murf musixmatch myfitnesspal myintervals n8n nagios namecheap nanoleaf nansen narvar nasdaq
naverpay navitia nebius neo4j neon neptune netatmo netbird netdata neteller nethunt netlify netmaker netnut
netskope netsuite neutrino neverbounce newrelic newsapi newscatcher newyorktimes nexmo nextcloud nexus
nftport ngc ngrok nhost nicereply nlpcloud nocodb nocrm nordigen nordvpn northflank noticeable notion novita
nownodes nowpayments nozbe numverify nutanix nutritionix nvidia nylas nytimes oanda observeinc octoai
octopusdeploy okendo okta okx olark ometria omise omnisend onedesk onelogin onepage onepassword onesignal
onfido onfleet ontraport onwater oopspam openai opencagedata opencart opencti openpay openphone openpipe
openproject openrouter openrouteservice opensea openshift openstack opensubtitles opentok openuv openvpn
openweather openziti opsgenie opsramp opsworks optidash optimizely oraclecloud orientdb ortto otterai
outlook overloop ovhcloud owlbot owncloud oxylabs oysterhr packagecloud paddle pagarme pagerduty pagseguro
paloalto pandadoc pandascore paperform paperspace papertrail paralleldots parasail parcellab parsehub
parseur partnerstack passbase pastebin patreon patronusai paychex paydirtapp payfast payfort payhip paymo
payoneer paypal paystack paytabs paytm payu pcloud pdflayer pdfmonkey pdfshift pendo peopledatalabs pepipost
percyio perimeter81 perimeterx perplexity personio petfinder pexels phabricator philipshue phonepe photoroom
phrase picovoice pinata pinecone pingdom pingidentity pinterest pipedream pipedrive pivotaltracker pixabay
plaid planetscale planfix planview planyo platformsh playht plivo pocketbase podio poeditor pollsapi
poloniex polygon porkbun portainer portkey positionstack postageapp postbacks posthog postman postmark
postnl powrbot predibase prefect prestashop printful printify privateai prodpad promptfoo promptlayer
propelauth prospect protonvpn proxmox proxycrawl proxycurl prtg publer pubnub pulumi purestake pushbullet
pusher pushover pyowm pyxis qase qdrant qiniu qovery quaderno qualaroo qualtrics qualys quayio qubole
questdb quickbase quickemailverification quicknode rabbitmq railway railz rapid7 rapidapi rarible
ravelin raven rawg raygun razorpay reachmail readme readwise reallysimplesystems reamaze rebrandly recaptcha
rechargeapps recordedfuture recraft recruitee recurly reddit redhat redis redmine refiner render rentman
repairshopr replicate replit replyio requestfinance rescuetime resembleai restpack retell rethinkdb revai
revamp ringcentral riot rippling risingwave riskified ritekit roblox roboflow rocketchat rocketreach rockset
roku rollbar ronin rootly route4me rownd rudderstack runpod runrunit runscope rytr saleor salesblink
salescookie salesflare salesforce salesmate saltedge sambanova santiment satismeter saucelabs savvycal
scaleai scaleway scalingo scalr scalyr scoutapm scrapegraph scrapeowl scraperapi scraperbox scrapersite
scrapestack scrapfly scrapingant scrapingbee screenshotapi screenshotlayer scrutinizer scylladb sealights
searchapi searxng seatable seaweedfs securitytrails segment selectpdf semaphore sematext sendbird sendcloud
sendgrid sendinblue sendlane sendpulse sensenova sensibo sentinelone sentry serpapi serper serphouse serply
serpstack sezzle sheety sherpadesk shipbob shipday shipengine shippo shiprocket shipstation shodan shopify
shopware shortcut shotstack shutterstock sidekiq signalfx signalsciences signalwire signaturit signifyd
signnow signoz signupgenius signwell sigopt siliconflow simfin simpleanalytics simplesat simplynoted simvoly
sinch singlestore sirv site24x7 siteleaf skrapp skrill skybiometry skyscanner skyvern slack smartling
smartlook smartproxy smartrecruiters smartsheet smartsuite smartthings smartystreets smooch smsapi smsglobal
smtp2go snapchat snaplogic snipcart snovio snowflake snowtrace snyk socialbee socketlabs socure softr
solarwinds solscan sonar sonatype sonix sophos soracom soundcloud sourceforge sourcegraph sourcehut
spacelift sparkdesk sparkpost speechify speechly speechmatics speechtext spinnakerio split splunk
spoonacular sportradar sportsmonk spotify sproutsocial spycloud squadcast square sslmate stability
stackblitz stackby stackhawk stackpath stadiamaps stampedio starburst statsig statuscake statuspage
statuspal steam stepfun stitchdata stockdata storecove storj stormboard stormglass storyblok storychief
strava stream stripe stripo stytch substack sugarcrm sugester suitecrm sumo sumsub supabase supernotes
supertokens supportbee surfshark surrealdb surveyanyplace surveybot surveymonkey surveysparrow survicate
swiftype switchbot synthesia synthflow sysdig tableau tabnine tailscale tallyfy tatum tavily tavus tawkto
taxjar tealium teamcity teamgate teamsupport teamtailor teamwork technicalanalysis tefter telegr telesign
teletype telnyx tencent tenderly tensordock teradata terraform testingbot testrail textanywhere textcortex
textlocal textmagic thegraph thehive theoddsapi thetvdb thingsboard thingspeak thinkific thousandeyes
threatbook threatfox threema thumbor thycotic ticketmaster tickettailor ticktick tidio tiingo tiktok
timecamp timescale timezoneapi tinybird tmdb tmetric todoist together toggl tokeet tolgee tomorrowio tomtom
toolhouse tooljet trackingmore tradier trakt transak transferwise transifex transloadit travelpayouts travis
trayio treasuredata trello trendmicro trmlabs truelayer truenas trulens trulioo trustly tumblr turbopuffer
turbosmtp turso tuya twelvedata twilio twingate twitch twitter tyntec typeform typesense typetalk ubereats
ubidots uclassify unifyid unit21 unleash unplugg unsplash upcdatabase upcloud uplead uploadcare upstageai
upstash uptimerobot uptrace upwave upyun urlhaus urlscan userflow userfront userlike userstack usps vagrant
valkey vapi vastai vatlayer vault vbout vectara veevavault veracode vercel verdaccio veriff verimail
veriphone versioneye vertica viber victorops viewneo vimeo virustotal visualcrossing vmware voiceflow
voicegain volcengine volusion vonage voodoosms voucherify vouchery voyage vpnapi vsphere vtiger vultr vyte
wakatime walkscore wandb wasabi weatherapi weatherbit weatherstack weaviate web3storage webengage webex
webflow weblate webscraper webscraping websitepulse wechatpay weibo weightsandbiases wellsaid wepay wercker
what3words whatsapp whitesource whoop whoxy wireguard wise wistia withings wompi woocommerce wordpress
workato workos worksnaps workstack worldcoin worldpay worldweather wrike writesonic wufoo wyze xai xata
xendit xero xmatters xray yandex yelp yodlee yotpo youneedabudget yousign youtrack youtube yugabyte zabbix
zammad zamzar zapier zeabur zeet zendesk zenduty zenkit zenrows zenscrape zenserp zeplin zeptomail zerion
zerobounce zerotier zhipu zilliz zipapi zipbooks zipcodeapi zipcodebase zitadel zoho zonka zoom zscaler
zulip zuora
`
  .trim()
  .split(/\s/);

const START = 2;

const BY_START: ReadonlyMap<number, readonly string[]> = (() => {
  const starts = new Map<number, string[]>();
  for (const name of SERVICES) {
    const known = starts.get(startAt(name, 0));
    if (known === undefined) starts.set(startAt(name, 0), [name]);
    else known.push(name);
  }
  return starts;
})();

/** Two characters as one number. */
function startAt(text: string, at: number): number {
  return text.charCodeAt(at) * 128 + text.charCodeAt(at + 1);
}

/** A service and where its name stands. */
export interface NamedService {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The last name of a service in a short text, in whatever case and separators: `newRelic`, `New-Relic`. */
export function lastService(text: string): NamedService | undefined {
  const lower = text.toLowerCase();
  for (let at = lower.length - START; at >= 0; at--) {
    if (at > 0 && isLetter(lower.charCodeAt(at - 1)) && !isHump(text, at)) continue;
    for (const name of BY_START.get(startAt(lower, at)) ?? []) {
      const end = endOf(name, { text, lower }, at);
      if (end !== undefined) return { name, start: at, end };
    }
  }
  return undefined;
}

function endOf(
  name: string,
  { text, lower }: { readonly text: string; readonly lower: string },
  start: number,
): number | undefined {
  let at = start;
  for (let i = 0; i < name.length; i++) {
    if (i > 1 && SEPARATORS.has(lower.charAt(at))) at++;
    if (lower.charCodeAt(at++) !== name.charCodeAt(i)) return undefined;
  }
  if (name.length > SHORT) return at;
  // `sumOf` is no Sumo.
  if (isHump(text, at - 1)) return undefined;
  const rest = REST_OF_WORD.exec(text.slice(at, at + SHORT))?.[0] ?? '';
  return SUFFIX.test(rest) ? undefined : at;
}

const REST_OF_WORD = /^[a-z]*/;
const SUFFIX =
  /^(?:ing|ed|er|able|ful|lin|ment|i[sz]e|less|like|ation|ity|wise|ness|ism|ist|ate|al|ly|ware|age|ive)/;

/** Names of up to so many letters begin many a word: `stream`, `streaming`. */
const SHORT = 6;

const SEPARATORS: ReadonlySet<string> = new Set(['_', '-', '.']);

/** Whether a word begins there because its letter is large: the `K` of `apiKey`. */
function isHump(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x41 && code <= 0x5a && isLetter(text.charCodeAt(at - 1));
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
