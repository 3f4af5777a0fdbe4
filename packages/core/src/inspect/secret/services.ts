/** Services that give out keys and tokens without a prefix of their own; in lower case, without separators. */
export const SERVICES: readonly string[] = `
8x8 ably abuseipdb abyssale accuweather activecampaign activeloop adafruit adobe adyen adzuna aeroworkflow
afterpay agora ahrefs airbrake airbyte aircall airship airtable airvisual aiven akamai alchemy alconost
alegra aletheiaapi algolia alibaba alienvault aliyun allsports alpaca alphavantage amadeus amazon ambee
amplitude ankr anthropic anypoint apacta api2cart apiflash apifonica apify apigee apilayer apimatic
apimetrics apitemplate apollo appcenter appcircle appcues appdynamics appetize appfollow applitools
appointedd appoptics appsflyer appsynergy apptivo appveyor argocd arize artifactory artsy arweave asana
assemblyai atera atlassian audd auth0 authress autodesk autoklose avaza aviationstack aweber aws axonaut
aylien ayrshare azure backblaze baidu bamboohr bandwidth bannerbear baremetrics basecamp baseten beamer
beebole benchmarkemail besnappy besttime betterstack bfl billomat binance bing bintray bitbar bitbucket
bitcoinaverage bitfinex bitly bitmex bitrise bitstamp bittrex blackduck blazemeter blitapp blockfrost
blocknative blogger blynk bombbomb boostnote borgbase braintree braintrust branchio brandfetch brave braze
brevo brightdata browserling browserstack browshot bscscan buddyns buddyworks budibase bugcrowd bugherd
bugsnag buildkite bulbul bulksms bunnycdn buttercms bybit bytedance caflou calendarific calendly
calorieninja campaignmonitor campayn canny capsulecrm captaindata carbonblack carboninterface cardano
cartesia cashboard caspio cctestreporter censys centralstation cerebras cexio chainstack chargebee
chartmogul chatbot chatfuel chatfule chatwoot checio checklyhq checkmarx checkvist cicero circleci cisco
civo clarifai clay clearbit clerk clevertap clickhelp clickhouse clickpipes clicksend clickup cliengo
clientary clinchpad clockify clockwork clojars closecrm cloudant cloudbees cloudconvert cloudelements
cloudflare cloudimage cloudinary cloudmersive cloudns cloudplan cloudsight cloudsmith cloudways cloverly
cloze clustdoc cockroachdb coda codeanywhere codeclimate codecov codefresh codemagic codequiry codesandbox
codeship cognism cohere coinapi coinbase coinlayer coinlib coinmarketcap collect2 comet commercejs
companyhub configcat confluent constantcontact contabo contentful conversiontools convertapi convertkit
convier couchbase countrylayer courier covalent coveralls craftmypdf cricapi crowdin crowdstrike
cryptocompare currencycloud currencyfreaks currencylayer currencyscoop currentsapi customerio d7network
daily dandelion dareboost dashlane databento databox databricks datadog dataforseo datagov debounce deepai
deepgram deepinfra deepl deepseek deepset deepsource delighted demio descope detectify detectlanguage
deviantart dialogflow dialpad diffbot diggernaut digicert digitalocean discord disqus dnscheck dnsimple
dnsmadeeasy docker docparser docsearch documo docusign dokploy doordash doppler dotdigital dovico dronahq
droneci dropbox duffel duply dwolla dynadot dynalist dynatrace dyspatch eagleeyenetworks easydns
easyinsight easypost ebay ecostruxureit edamam edenai eightxeight elastic elevenlabs emaillistverify
emarsys enablex env0 equinix eraserio etherscan ethplorer etsy eventbrite everhour exchangerate exoscale
exotel exportsdk extractorapi facebook faceplusplus facepp fastforex fastly fauna featherless feedier
fetchrss fibery figma filebase fileio filestack finage financialmodelingprep findl finicity finnhub
firebase firebolt firecrawl fivetran fixer flagsmith flatio fleetbase flickr flightapi flightlabs
flightstats flowflu flutterwave fmfw formbucket formcraft formio formsite fossa foursquare frameio
freemius freshbooks freshcaller freshchat freshdesk freshworks fulcrum fullcontact fullstory fusebill
fusionauth fxmarket galileo gandi gcp geckoboard gemfury gemini genderapi gengo geoapify geocodify
geocodio geoipify getemail getgeoapi getgist getresponse getsandbox giphy github gitlab gitpod gitter
gladia glassnode glitchcom glitterly gnews gocanvas gocardless gocd godaddy goodday google gorgias grafana
graphcms graphhopper greenhouse greenkeeper greynoise groovehq groq gtmetrix gumroad gupshup gyazo
hackerone hapikey happi happyscribe harvest hashicorp hasura heatmap helium hellosign helpcrunch helpscout
hereapi heroku hetzner heygen hightouch hiveage holidayapi honeybadger honeycomb hostinger hotjar html2pdf
huaweicloud hubapi hubspot huggingface humanity humanloop hunter huobi hybiscus hybridanalysis hyperbolic
hypertrack ibm iconfinder ideogram iexapis iexcloud imagekit imagga imgbb imgix imgur influxdata influxdb
infobip infura insightly instabot instabug instagram instamojo instana instatus intercom interseller
intray intrinio invoiceocean inworld inwx ip2location ipapi ipdata ipgeolocation ipifi ipify ipinfo
ipquality iproyal ipstack jenkins jfrog jina jira jotform jumpcloud jupiterone juro justcall jwplayer kagi
kaleyra kanban kapwing karix karmacrm keenio keycdn keygen kibana kickbox kinde kiteconnect klarna klaviyo
klipfolio knapsackpro kochava kontent koyeb kraken kucoin kustomer kylas labelbox lagrange lakera
lambdatest landingai langfuse languagelayer laposte larksuite lastfm launchdarkly leadfeeder leanplum
lemlist lemonsqueezy lendflow lessannoyingcrm letsencrypt lexigram lightstep linear linemessaging
linenotify linked linkpreview linode litellm liveagent livekit livestorm loadmill lob localstack
locationiq logdna logentries logflare loggly loginradius logmein logz lokalise looker loyverse lunchmoney
lusha m3o madkudu magicbell mailboxlayer mailboxvalidator mailchimp mailerlite mailgun mailjet mailmodo
mailsac mailtrap make malshare mandrill mapbox mapquest marketstack marqo matrixorg mattermost mavenlink
maxmind meaningcloud mediastack meilisearch meistertask mem0 meraki mercadopago mesibo message metaapi
metabase metrilo mezmo microsoft midise milvus mindmeister miro mistral mixmax mixpanel mlflow mockaroo
modal moengage mollie monday mongodb monkeylearn moonclerk moonshot moosend moralis motherduck mparticle
mrticktock msg91 murf myfitnesspal myintervals namecheap nasdaq navitia nebius neon neptune nethunt
netlify netnut netsuite neutrino neverbounce newrelic newsapi newscatcher newyorktimes nexmo nexus nftport
ngc ngrok nicereply northflank noticeable notion novita nozbe numverify nutritionix nvidia nylas nytimes
oanda octopusdeploy okta omnisend onedesk onelogin onepage onesignal onfido onfleet onwater oopspam openai
opencagedata openphone openpipe openrouter opensea openuv openvpn openweather opsgenie opsworks optidash
optimizely otterai outlook overloop ovhcloud owlbot oxylabs packagecloud paddle pagarme pagerduty pandadoc
pandascore paperform papertrail paralleldots parasail parsehub parseur partnerstack passbase pastebin
paydirtapp payfast paymo paypal paystack pdflayer pdfshift pendo peopledatalabs pepipost percyio
perplexity petfinder photoroom phrase pinata pinecone pingdom pinterest pipedream pipedrive pivotaltracker
pixabay plaid planetscale planview planyo playht plivo podio pollsapi poloniex polygon porkbun portainer
portkey positionstack postageapp postbacks posthog postman postmark powrbot prefect privateai prodpad
promptlayer prospect proxycrawl proxycurl pubnub pulumi purestake pushbullet pusher pushover pyowm pyxis
qase qdrant qiniu qovery qualaroo qualys qubole questdb quickbase quickemailverification quicknode
rabbitmq railway rapid7 rapidapi rarible ravelin raven rawg razorpay reachmail readme reallysimplesystems
rebrandly recaptcha recordedfuture recraft recurly reddit redhat redis refiner render rentman repairshopr
replicate replit replyio requestfinance restpack retell revai revamp ringcentral riot ritekit roblox
roboflow rocketchat rocketreach rockset roku rollbar ronin route4me rownd rudderstack runpod runrunit
runscope salesblink salescookie salesflare salesforce salesmate sambanova satismeter saucelabs scaleai
scaleway scalingo scalr scalyr scrapeowl scraperapi scraperbox scrapersite scrapestack scrapfly
scrapingant scrapingbee screenshotapi screenshotlayer scrutinizer sealights searchapi securitytrails
segment selectpdf semaphore sematext sendbird sendgrid sendinblue sendlane sendpulse sentinelone sentry
serpapi serper serphouse serpstack sheety sherpadesk shipday shipengine shippo shipstation shodan shopify
shortcut shotstack shutterstock sidekiq signalfx signalwire signaturit signupgenius sigopt simfin
simplesat simplynoted simvoly sinch singlestore sirv siteleaf skrapp skybiometry slack smartling smartlook
smartproxy smartsheet smartystreets smooch smsapi smsglobal snapchat snipcart snovio snowflake snyk
solarwinds sonar sonatype sonix soundcloud sourcegraph spacelift sparkpost speechify speechmatics
speechtext split splunk spoonacular sportradar sportsmonk spotify square sslmate stability stackblitz
stackhawk starburst statsig statuscake statuspage statuspal steam stitchdata stockdata storecove storj
stormboard stormglass storyblok storychief strava stream stripe stripo stytch sugester sumo supabase
supernotes surveyanyplace surveybot surveymonkey surveysparrow survicate swiftype synthesia tableau
tailscale tallyfy tatum tavus taxjar teamcity teamgate teamwork technicalanalysis tefter telegr telesign
teletype telnyx tencent terraform testingbot testrail textanywhere textlocal textmagic thehive theoddsapi
thingsboard thinkific thousandeyes threatbook thumbor ticketmaster tickettailor tiingo tiktok timecamp
timezoneapi tinybird tmdb tmetric todoist together toggl tokeet tomorrowio tomtom tradier transferwise
travelpayouts travis trello truenas trulens turbopuffer turso twelvedata twilio twitch twitter tyntec
typeform typesense typetalk ubidots uclassify unifyid unleash unplugg unsplash upcdatabase upcloud uplead
uploadcare upstash uptimerobot upwave upyun urlhaus urlscan userflow userstack vagrant vapi vastai
vatlayer vault vbout vectara veevavault veracode vercel verimail veriphone versioneye viewneo vimeo
virustotal visualcrossing vmware voiceflow voicegain volcengine vonage voodoosms voucherify vouchery
voyage vpnapi vultr vyte walkscore wandb wasabi weatherbit weatherstack weaviate web3storage webengage
webex webflow webscraper webscraping websitepulse weightsandbiases wepay wercker whitesource whoxy
wireguard wise wistia wordpress workos worksnaps workstack worldcoin worldweather wrike xai xata xero xray
yandex yelp youneedabudget yousign youtube yugabyte zammad zapier zeabur zeet zendesk zenkit zenrows
zenscrape zenserp zeplin zerobounce zerotier zhipu zilliz zipapi zipbooks zipcodeapi zipcodebase zoho
zonka zoom zulip
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
