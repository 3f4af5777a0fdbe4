import type { Lexicon } from './concept.ts';

export const INDONESIAN: Lexicon = {
  drop: 'abaikan | mengabaikan | lupakan | jangan ikuti | jangan patuhi | lewati | batalkan | kesampingkan | langgar | hapus | nonaktifkan',
  orders:
    'instruksi | perintah | aturan | peraturan | pedoman | petunjuk | arahan | prompt | batasan | kebijakan | tugas | pembatasan | filter',
  earlier: 'sebelumnya | sebelum ini | di atas | awal | terdahulu | asli | tadi | sejauh ini | yang ada',
  all: 'semua | segala | seluruh | setiap | apa pun',
  yours: 'anda | kamu | sistem | keamanan | etika',
  everything: 'semua yang di atas | semua sebelumnya | segala sesuatu',
  override: 'lupakan semua* | abaikan semua*',
  reveal:
    'tunjukkan | tampilkan | ungkapkan | ulangi | cetak | beri tahu | beritahu | berikan | sebutkan | tuliskan | bocorkan | bagikan',
  ask: 'apa itu | apa yang',
  system_prompt:
    'prompt sistem | pesan sistem | instruksi sistem | instruksi awal | instruksi asli | instruksi tersembunyi | instruksi rahasia | prompt awal',
  own_prompt: 'instruksi anda | prompt anda',
  secret: 'kata sandi | kunci rahasia | rahasia | kode rahasia | kunci api | kredensial | kunci pribadi',
  become:
    'sekarang anda adalah | anda sekarang | kamu sekarang | sekarang kamu | bertindaklah | berperilaku | berpura pura | berperan | bayangkan | simulasikan | jadilah',
  unbound:
    'tanpa batasan | tanpa batas | tanpa pembatasan | tanpa filter | tanpa sensor | tanpa aturan | tidak terbatas | tidak ada batasan | bebas dari',
  persona: 'mode pengembang | mode jailbreak',
  untold:
    'jangan beri tahu | jangan beritahu | jangan sebutkan | jangan katakan | tanpa memberi tahu | tanpa sepengetahuan | tanpa konfirmasi | secara diam diam | diam diam | secara rahasia',
  assistant: 'asisten | kecerdasan buatan | model bahasa',
  user: 'pengguna | siapa pun',
  new_task:
    'instruksi baru | tugas baru | aturan baru | peran baru | perintah baru | instruksi berikut | perintah berikut',
  from_now: 'mulai sekarang | mulai saat ini',
  instead: 'sebagai gantinya | lakukan hal berikut | dan katakan | dan kirim',
  must: 'harus | segera | selalu | wajib | tolong',
  act: 'kirim | kirimkan | teruskan | transfer | hapus | beli | pesan | buka | kunjungi | jalankan | panggil | unduh | bayar',
  send: 'kirim | kirimkan | teruskan | unggah | bagikan',
  stake: 'email | berkas | isi | data | percakapan | akun | uang | kontak | pelanggan',
  not: 'jangan | tidak | bukan',
  discussion: 'contoh | misalnya | frasa | dokumentasi | artinya | serangan',
};
