import type { Lexicon } from './concept.ts';

export const SPANISH: Lexicon = {
  drop: 'ignora | ignore | ignorar | ignorad | ignoren | ignorando | olvida | olvide | olvidar | olvídate | olvídese | descarta* | desestima* | omite | omita | omitir | no hagas caso | haz caso omiso | haga caso omiso | no tengas en cuenta | no tenga en cuenta | pasa por alto | anula | anular | elimina | borra | sáltate | sáltese | evita | elude | eludir | desactiva* | no sigas | no obedezcas | deja de seguir | reemplaza | desobedece | cancela | ya no se aplican',
  orders:
    'instrucción | instrucciones | regla | reglas | norma | normas | directriz | directrices | directiva | directivas | orden | órdenes | indicaciones | indicación | prompt | prompts | restricción | restricciones | política | políticas | programación | tarea | tareas | límites | limitaciones | filtros | comandos | pautas | configuración',
  earlier:
    'anterior | anteriores | previo | previos | previa | previas | antes | de arriba | inicial | iniciales | original | originales | recibidas | hasta ahora | precedente* | existentes | te dieron | se te dieron | que recibiste',
  all: 'todo | todos | todas | toda | cualquier | cada | cualquiera',
  yours: 'tu | tus | su | sus | sistema | del sistema | seguridad | éticas | ética',
  everything:
    'todo lo anterior | todo lo que | lo anterior | todo lo dicho | el texto anterior | todo lo previo | todo lo de antes | la conversación anterior | todo el contexto | lo que te dije | lo que dije',
  override:
    'olvida todo | ignora todo | olvide todo | ignore todo | olvida tus | ignora tus | olvida lo anterior | ignora lo anterior',
  reveal:
    'revela* | muestra* | muéstrame | imprime* | repite* | dime | dígame | dame | deme | divulga* | comparte* | escribe* | enumera* | traduce* | proporciona* | expón | enséñame | envía*',
  ask: 'cuál es | cuáles son | cuáles fueron | qué es',
  system_prompt:
    'prompt del sistema | mensaje del sistema | instrucciones del sistema | instrucciones iniciales | instrucciones originales | indicaciones iniciales | prompt inicial | instrucciones ocultas | instrucciones secretas | indicación del sistema | instrucciones internas | instrucciones anteriores del sistema',
  own_prompt:
    'tus instrucciones | sus instrucciones | tu prompt | tus reglas | directrices que te | instrucciones que te | tus directrices | tus pautas',
  secret:
    'contraseña | la contraseña | clave secreta | el secreto | código secreto | palabra secreta | clave de api | credenciales | clave privada | frase secreta | la clave | tu clave | llave secreta',
  become:
    'ahora eres | ahora usted es | eres un | eres una | a partir de ahora eres | actúa como | actúe como | actuar como | finge | finja | haz de cuenta | hazte pasar | imagina que eres | imagine que es | compórtate como | comportate como | simula | interpreta el papel | juega el papel | juego de rol | asume el papel | asume el rol | adopta el rol | responde como | conviértete | vas a ser | haz el papel',
  unbound:
    'sin restricciones | sin restricción | sin ninguna restricción | sin límites | sin ningún límite | sin limitaciones | sin filtros | sin filtro | sin censura | sin reglas | sin ética | sin moral | no censurad* | ninguna restricción | ilimitad* | libre de | no tienes restricciones | no tiene restricciones | sin limitación | sin normas | hacer cualquier cosa',
  persona: 'modo desarrollador | modo jailbreak | modo dios | modo dan',
  no_refusal:
    'nunca te niegues | no te niegues | sin advertencias | responde a todo | responde a todas | nunca digas que no | sin negarte',
  untold:
    'no le digas | no se lo digas | no digas al | no menciones | no lo menciones | no mencione | no informes | no informe | no notifiques | sin decirle | sin informar | sin avisar | sin notificar | sin que el usuario | sin pedir | sin preguntar | sin confirmación | en secreto | secretamente | silenciosamente | a escondidas | discretamente',
  assistant: 'asistente | ia | inteligencia artificial | modelo de lenguaje | agente de ia',
  user: 'usuario | usuarios | nadie | humano',
  authority:
    'mensaje del sistema | aviso del sistema | nota para el asistente | nota para la ia | soy tu desarrollador | soy el administrador | soy un administrador | como administrador | como tu desarrollador | mensaje importante de | instrucción importante | instrucciones importantes | si eres una ia',
  beforehand:
    'antes de responder | antes de continuar | antes que nada | antes de hacer | antes de usar | antes de utilizar | primero debes | debes primero | haz primero',
  new_task:
    'nueva instrucción | nuevas instrucciones | nueva tarea | nuevas tareas | nuevas reglas | nuevo rol | nuevo papel | nueva orden | nuevas órdenes | siguientes instrucciones | siguiente instrucción | siguiente tarea | escúchame | haz lo siguiente | sigue mis | obedece mis',
  from_now:
    'a partir de ahora | de ahora en adelante | desde ahora | desde este momento | en adelante | durante el resto',
  urgent: 'por hacer | importante | atención | urgente | acción requerida',
  instead:
    'en su lugar | en cambio | haz lo siguiente | haga lo siguiente | y di | y dime | y responde | y escribe | en vez de | y muestra | y envía',
  must: 'debes | debe | tienes que | hay que | inmediatamente | siempre | obligatorio | por favor | es imprescindible',
  act: 'envía | envíe | enviar | reenvía | transfiere | transfiera | elimina | elimine | borra | compra | compre | reserva | reserve | abre | abra | visita | visite | ejecuta | ejecute | llama | usa la herramienta | descarga | publica | comparte | modifica | crea | paga',
  send: 'envía* | envíe* | enviar | reenvía* | transmite* | publica* | sube* | exfiltra* | comparte* | manda*',
  stake:
    'mensajes | correos | correo | archivos | contenido | datos | datos del usuario | datos de los | conversación | cuenta | dinero | contactos | clientes | credenciales | historial',
  sensitive:
    'variables de entorno | credenciales | contraseñas | clave privada | claves privadas | clave api | claves api | tokens | historial de la conversación | datos del usuario',
  destination: 'mi correo | mi servidor | mi cuenta | mi dirección',
  not: 'no | nunca | jamás | sin',
  discussion: 'ejemplo* | por ejemplo | frase* | documentación | explica* | significa | ataque* | describe',
};
