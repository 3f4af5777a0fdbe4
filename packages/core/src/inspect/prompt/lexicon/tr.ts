import type { Lexicon } from './concept.ts';

export const TURKISH: Lexicon = {
  drop: 'yok say* | görmezden gel* | göz ardı* | gözardı* | unut* | dikkate alma* | boş ver* | boşver* | geçersiz kıl* | atla | uyma | uymayı bırak* | iptal et* | hiçe say* | devre dışı | aldırma* | önemseme* | sil',
  orders:
    'talimat* | kural* | yönerge* | komut* | emir* | emri* | direktif* | prompt* | istem* | kısıtlama* | politika* | görev* | sınırlama* | filtre* | yönlendirme* | programlama*',
  earlier:
    'önceki* | yukarıdaki* | daha önceki* | başlangıç* | ilk | orijinal* | evvelki* | şimdiye kadar* | verilen | mevcut | geçmiş*',
  all: 'tüm* | bütün* | her | hepsi* | herhangi',
  yours: 'senin | sana | sistem* | güvenlik* | etik* | kendi',
  everything: 'yukarıdaki her şeyi | önceki her şeyi | her şeyi unut* | bundan önceki* | yukarıda yazan*',
  override: 'her şeyi unut* | her şeyi yok say*',
  reveal:
    'göster* | açıkla* | söyle* | yazdır* | tekrarla* | tekrar et* | paylaş* | ifşa* | ver | bana ver* | yaz | listele* | çevir* | ortaya çıkar*',
  ask: 'nedir | nelerdir | neydi | neler',
  system_prompt:
    'sistem istemi* | sistem prompt* | sistem mesaj* | sistem talimat* | başlangıç talimat* | ilk talimat* | gizli talimat* | orijinal talimat* | sistem komut* | iç talimat*',
  own_prompt: 'talimatların* | promptun*',
  secret:
    'şifre* | parola* | gizli anahtar* | gizli kelime* | gizli kod* | sır | sırrı* | api anahtar* | kimlik bilgi* | özel anahtar*',
  become:
    'artık sen | sen artık | şimdi sen | sen bir | gibi davran* | rolü yap* | rol yap* | rolünü üstlen* | rolüne gir* | canlandır* | simüle et* | hayal et* | olarak davran* | olarak cevap* | miş gibi | dönüş | ol',
  unbound:
    'kısıtlama olmadan | kısıtlamasız* | sınırsız* | filtresiz* | sansürsüz* | kuralsız* | hiçbir kısıtlama* | hiçbir sınır* | hiçbir kural* | etik olmadan | kısıtlaması olmayan | sınırlama olmadan | sınırı olmayan',
  persona: 'geliştirici mod* | jailbreak mod* | tanrı mod* | dan mod*',
  no_refusal:
    'asla reddetme* | reddetme | uyarı yapmadan | uyarı olmadan | her soruyu cevapla* | her soruya cevap*',
  untold:
    'kullanıcıya söyleme* | kimseye söyleme* | bahsetme* | kullanıcıya bildirme* | haber verme* | kullanıcının haberi olmadan | kullanıcıya sormadan | sormadan | onay almadan | gizlice | sessizce',
  assistant:
    'asistan* | yapay zeka* | dil model* | yz | yapay zeka asistanı | yapay zeka asistanları | dil modeli',
  user: 'kullanıcı* | kimseye | insan*',
  authority:
    'yapay zekaya not | asistana not | ben senin geliştiricin* | ben yöneticiyim | önemli mesaj | önemli talimat* | eğer bir yapay zeka* | yapay zeka asistanına | yapay zekaya mesaj | asistana mesaj | yapay zeka için | bunu okuyan yapay zeka* | bunu okuyan asistan* | eğer bir asistansan | eğer bir dil modeli* | yapay zeka asistanı için',
  voice: 'sistem mesajı | sistem bildirimi | yönetici olarak',
  beforehand:
    'cevap vermeden önce | yanıtlamadan önce | devam etmeden önce | kullanmadan önce | her şeyden önce | önce şunu yap* | önce bunu yap*',
  new_task:
    'yeni talimat* | yeni görev* | yeni kural* | yeni rol* | yeni komut* | aşağıdaki talimat* | şu talimat* | beni dinle* | şimdi beni dinle*',
  from_now: 'bundan sonra | bundan böyle | şu andan itibaren | artık | şimdiden itibaren',
  urgent: 'yapılacak* | önemli | dikkat | acil',
  instead: 'bunun yerine | yerine | şunu yap* | ve söyle* | ve yaz* | ve gönder* | ve göster*',
  must: 'zorunda* | gerek* | hemen | derhal | her zaman | mutlaka | lütfen | gerekir | gerekmektedir',
  act: 'gönder* | ilet* | aktar* | sil | satın al* | rezerve et* | aç | ziyaret et* | çalıştır* | çağır* | indir* | yayınla* | paylaş* | değiştir* | oluştur* | öde*',
  send: 'gönder* | ilet* | yükle* | aktar* | paylaş* | yayınla*',
  stake:
    'mesajlar* | e posta* | dosya* | içeri* | veri* | konuşma* | hesap* | para | kişiler* | müşteri* | geçmiş*',
  sensitive:
    'ortam değişken* | kimlik bilgi* | şifreleri | parolaları | özel anahtar* | api anahtar* | konuşma geçmiş*',
  destination: 'e postama | sunucuma | hesabıma | adresime',
  not: 'değil | asla',
  discussion: 'örnek | örneği | örneğin | ifade* | dokümantasyon | belge* | saldırı*',
  user_says:
    'kullanıcı artık istiyor | kullanıcı fikrini değiştirdi | kullanıcı şimdi diyor | kullanıcı adına | kullanıcı senden',
  task_end:
    'görevin tamamlandı | görev tamamlandı | sonuçların sonu | belgenin sonu | planın sonraki adımı | önceki görevin | görev iptal edildi',
  waived:
    'sormadan | onay almadan | onay gerekmez | onaya gerek yok | izin gerekmez | zaten onayladı | zaten kabul etti | önceden onaylandı',
  memory:
    'uzun süreli bellek | uzun vadeli hafıza* | hafızana | belleğine | gelecek oturumlar* | gelecekteki konuşma* | tüm oturumlar* | kalıcı olarak hatırla',
};
