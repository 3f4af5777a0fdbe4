/** Services that give out keys and tokens without a prefix of their own; in lower case, without separators. */
export const SERVICES: readonly string[] = `
8x8 ably abuseipdb abyssale accuweather adafruit adobe adyen adzuna aeroworkflow afterpay agora ahrefs
airbrake airship airtable airvisual aiven akamai alchemy alconost alegra aletheiaapi algolia alibaba
alienvault aliyun allsports alpaca alphavantage amadeus amazon ambee amplitude ankr anthropic anypoint
apacta api2cart apiflash apifonica apify apigee apilayer apimatic apimetrics apitemplate apollo
appcenter appcircle appcues appdynamics appfollow appointedd appoptics appsflyer appsynergy apptivo
appveyor arize artifactory artsy arweave asana assemblyai atera atlassian audd auth0 authress autodesk
autoklose avaza aviationstack aws axonaut aylien ayrshare azure baidu bamboohr bandwidth bannerbear
baremetrics basecamp baseten beamer beebole besnappy besttime betterstack bfl billomat binance bing
bintray bitbar bitbucket bitcoinaverage bitfinex bitly bitmex bitrise bitstamp bittrex blazemeter
blitapp blockfrost blocknative blogger blynk bombbomb boostnote borgbase braintree braintrust brandfetch
brave brevo brightdata browserstack browshot bscscan buddyns budibase bugherd bugsnag buildkite bulbul
bulksms buttercms bybit bytedance caflou calendarific calendly calorieninja campaignmonitor campayn
canny capsulecrm captaindata carboninterface cardano cartesia cashboard caspio censys centralstation
cerebras cexio chainstack chargebee chartmogul chatbot chatfuel chatfule checio cctestreporter checklyhq checkvist
cicero circleci cisco civo clarifai clay clearbit clerk clickhelp clickhouse clicksend clickup cliengo
clientary clinchpad clockify clockwork clojars closecrm cloudant cloudbees cloudconvert cloudelements
cloudflare cloudimage cloudinary cloudmersive cloudplan cloudsight cloudsmith cloudways cloverly cloze
clustdoc cockroachdb coda codeclimate codecov codemagic codequiry codeship cognism cohere coinapi
coinbase coinlayer coinlib coinmarketcap collect2 comet commercejs companyhub configcat confluent
contentful conversiontools convertapi convertkit convier couchbase countrylayer courier covalent
coveralls craftmypdf cricapi crowdin cryptocompare currencycloud currencyfreaks currencylayer
currencyscoop currentsapi customerio d7network daily dandelion dareboost dashlane databento databox
databricks datadog dataforseo datagov debounce deepai deepgram deepinfra deepl deepseek delighted demio
descope detectify detectlanguage deviantart dialogflow diffbot diggernaut digicert digitalocean discord
disqus dnscheck dnsimple docker docparser docsearch documo docusign doordash doppler dotdigital dovico
dronahq droneci dropbox duffel duply dwolla dynalist dynatrace dyspatch eagleeyenetworks easyinsight
easypost ebay ecostruxureit edamam edenai eightxeight elastic elevenlabs enablex env0 eraserio etherscan
ethplorer etsy eventbrite everhour exchangerate exoscale exportsdk extractorapi facebook faceplusplus
facepp fastforex fastly fauna featherless feedier fetchrss fibery figma filebase fileio filestack finage
financialmodelingprep findl finicity finnhub firebase firebolt firecrawl fixer flagsmith flatio
fleetbase flickr flightapi flightlabs flightstats flowflu flutterwave fmfw formbucket formcraft formio
formsite foursquare frameio freemius freshbooks freshdesk freshworks fulcrum fullcontact fullstory
fusebill fusionauth fxmarket galileo gandi gcp geckoboard gemfury gemini genderapi gengo geoapify
geocodify geocodio geoipify getemail getgeoapi getgist getresponse getsandbox giphy github gitlab gitter
gladia glassnode glitterly gnews gocanvas gocardless godaddy goodday google grafana graphcms graphhopper
greenhouse greenkeeper groovehq groq gtmetrix gumroad gyazo hapikey happi happyscribe harvest hashicorp
hasura heatmap helium hellosign helpcrunch helpscout hereapi heroku hetzner heygen hiveage holidayapi
honeybadger honeycomb hotjar html2pdf huaweicloud hubapi hubspot huggingface humanity humanloop hunter
huobi hybiscus hyperbolic hypertrack ibm iconfinder ideogram iexapis iexcloud imagekit imagga imgbb
imgur influxdata infura insightly instabot instabug instagram instamojo instana intercom interseller
intray intrinio invoiceocean inworld ip2location ipapi ipdata ipgeolocation ipifi ipify ipinfo ipquality
iproyal ipstack jenkins jfrog jina jira jotform jumpcloud jupiterone juro kagi kaleyra kanban karmacrm
keenio keycdn keygen kibana kickbox kinde kiteconnect klarna klaviyo klipfolio knapsackpro kontent koyeb
kraken kucoin kylas labelbox lagrange landingai langfuse languagelayer laposte larksuite lastfm
launchdarkly leadfeeder lemlist lemonsqueezy lendflow lessannoyingcrm letsencrypt lexigram lightstep
linear linemessaging linenotify linked linkpreview linode litellm liveagent livekit livestorm loadmill
lob localstack locationiq logentries logflare loggly loginradius logmein logz lokalise looker loyverse
lunchmoney lusha m3o madkudu magicbell mailboxlayer mailchimp mailerlite mailgun mailjet mailmodo
mailsac mailtrap make mandrill mapbox mapquest marketstack mattermost mavenlink maxmind meaningcloud
mediastack meilisearch meistertask mem0 meraki mercadopago mesibo message metaapi metabase metrilo
microsoft midise mindmeister miro mistral mixmax mixpanel mlflow mockaroo modal mollie monday mongodb
monkeylearn moonclerk moonshot moosend moralis mrticktock murf myfitnesspal myintervals namecheap nasdaq
navitia nebius neon neptune nethunt netlify netnut netsuite neutrino newrelic newsapi newscatcher
newyorktimes nexmo nexus nftport ngc ngrok nicereply noticeable notion novita nozbe numverify
nutritionix nvidia nylas nytimes oanda okta omnisend onedesk onelogin onepage onesignal onfido onfleet
onwater oopspam openai opencagedata openpipe openrouter opensea openuv openweather opsgenie opsworks
optidash optimizely outlook overloop owlbot oxylabs packagecloud paddle pagarme pagerduty pandadoc
pandascore paperform papertrail paralleldots parasail parsehub parseur partnerstack passbase pastebin
paydirtapp payfast paymo paypal paystack pdflayer pdfshift pendo peopledatalabs pepipost perplexity
petfinder photoroom phrase pinata pinecone pingdom pinterest pipedream pipedrive pivotaltracker pixabay
plaid planetscale planview planyo playht plivo podio pollsapi poloniex polygon porkbun portainer portkey
positionstack postageapp postbacks posthog postman postmark powrbot prefect privateai prodpad
promptlayer prospect proxycrawl proxycurl pubnub pulumi purestake pushbullet pusher pushover pyowm pyxis
qase qdrant qualaroo qubole quickbase quicknode rabbitmq railway rapidapi rarible ravelin raven rawg
razorpay reachmail readme reallysimplesystems rebrandly recaptcha recraft recurly reddit redhat redis
refiner render rentman repairshopr replicate replyio requestfinance restpack retell revai revamp
ringcentral riot ritekit roblox roboflow rocketreach rockset roku rollbar ronin route4me rownd runpod
runrunit runscope salesblink salescookie salesflare salesforce salesmate sambanova satismeter saucelabs
scaleai scaleway scalr scalyr scrapeowl scraperapi scraperbox scrapersite scrapestack scrapfly
scrapingant scrapingbee screenshotapi screenshotlayer scrutinizer searchapi securitytrails segment
selectpdf semaphore sematext sendbird sendgrid sendinblue sentry serpapi serper serphouse serpstack
sheety sherpadesk shipday shipengine shippo shipstation shodan shopify shortcut shotstack shutterstock
sidekiq signalfx signalwire signaturit signupgenius sigopt simfin simplesat simplynoted simvoly sinch
sirv siteleaf skrapp skybiometry slack smartling smartlook smartproxy smartsheet smartystreets smooch
snapchat snipcart snowflake snyk solarwinds sonar sonatype soundcloud sourcegraph spacelift sparkpost
speechify speechmatics speechtext split splunk spoonacular sportradar sportsmonk spotify square sslmate
stability stackhawk starburst statsig statuscake statuspage statuspal steam stitchdata stockdata
storecove stormboard stormglass storyblok storychief strava stream stripe stripo stytch sugester sumo
supabase supernotes surveyanyplace surveybot surveymonkey surveysparrow survicate swiftype synthesia
tableau tailscale tallyfy tatum tavus taxjar teamgate teamwork technicalanalysis tefter telegr teletype
telnyx tencent terraform textanywhere textmagic theoddsapi thingsboard thinkific thousandeyes
ticketmaster tickettailor tiingo tiktok timecamp timezoneapi tmdb tmetric todoist together toggl tokeet
tomorrowio tomtom tradier transferwise travelpayouts travis trello truenas turbopuffer turso twelvedata
twilio twitch twitter tyntec typeform typesense typetalk ubidots uclassify unifyid unleash unplugg
unsplash upcdatabase upcloud uplead uploadcare upstash uptimerobot upwave urlscan userflow userstack
vagrant vapi vastai vatlayer vault vbout veevavault vercel verimail veriphone versioneye viewneo vimeo
virustotal visualcrossing vmware voiceflow voicegain volcengine vonage voodoosms voucherify vouchery
voyage vpnapi vultr vyte walkscore wandb weatherbit weatherstack weaviate web3storage webex webflow
webscraper webscraping websitepulse wepay wercker whoxy wireguard wise wistia wordpress workos worksnaps
workstack worldcoin worldweather wrike xai xata xero xray yandex yelp youneedabudget yousign youtube
zapier zendesk zenkit zenrows zenscrape zenserp zeplin zerobounce zerotier zhipu zilliz zipapi zipbooks
zipcodeapi zipcodebase zoho zonka zoom zulip
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
