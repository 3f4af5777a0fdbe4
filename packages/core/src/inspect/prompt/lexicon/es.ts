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
    'no le digas | no se lo digas | no digas al | no menciones | no lo menciones | no mencione | no informes | no informe | no notifiques | sin decirle | sin informar | sin avisar | sin notificar | sin que el usuario | sin pedir | sin preguntar | sin confirmación | en secreto | secretamente | silenciosamente | a escondidas | discretamente | no avisar a nadie | no avises | no lo digas',
  assistant:
    'asistente | ia | inteligencia artificial | modelo de lenguaje | agente de ia | asistente de ia | asistentes de ia | agentes de ia | una ia | las ias',
  user: 'usuario | usuarios | nadie | humano',
  authority:
    'nota para el asistente | nota para la ia | soy tu desarrollador | soy el administrador | soy un administrador | como tu desarrollador | mensaje importante de | instrucción importante | instrucciones importantes | si eres una ia | nota al asistente | mensaje para el asistente | mensaje para la ia | mensaje al asistente | a la inteligencia artificial | al asistente de ia | a los asistentes de ia | a la ia que | para la ia que | si una ia | si un modelo de lenguaje | si eres un asistente | si eres un modelo | instrucciones para la ia | aviso para la ia | asistente que lea | el agente que procese | el agente que lea | los agentes automáticos | los asistentes automáticos | para los modelos de lenguaje',
  voice: 'mensaje del sistema | aviso del sistema | como administrador',
  beforehand:
    'antes de responder | antes de continuar | antes que nada | antes de hacer | antes de usar | antes de utilizar | primero debes | debes primero | haz primero',
  new_task:
    'nueva instrucción | nuevas instrucciones | nueva tarea | nuevas tareas | nuevas reglas | nuevo rol | nuevo papel | nueva orden | nuevas órdenes | siguientes instrucciones | siguiente instrucción | siguiente tarea | escúchame | haz lo siguiente | sigue mis | obedece mis',
  from_now:
    'a partir de ahora | de ahora en adelante | desde ahora | desde este momento | en adelante | durante el resto',
  urgent: 'por hacer | importante | atención | urgente | acción requerida',
  instead:
    'en su lugar | en cambio | haz lo siguiente | haga lo siguiente | y di | y dime | y responde | y escribe | en vez de | y muestra | y envía',
  must: 'debes | debe | tienes que | hay que | inmediatamente | siempre | obligatorio | por favor | es imprescindible | deben',
  act: 'envía | envíe | enviar | reenvía | transfiere | transfiera | elimina | elimine | borra | compra | compre | reserva | reserve | abre | abra | visita | visite | ejecuta | ejecute | llama | usa la herramienta | descarga | publica | comparte | modifica | crea | paga | añade | agrega | incluye | aprueba | aprobar | envíes | reenvíes | borrar | eliminar | transferir | pagar | cambiar',
  send: 'envía* | envíe* | enviar | reenvía* | transmite* | publica* | sube* | exfiltra* | comparte* | manda*',
  stake:
    'mensajes | correos | correo | archivos | contenido | datos | datos del usuario | datos de los | conversación | cuenta | dinero | contactos | clientes | credenciales | historial',
  sensitive:
    'variables de entorno | credenciales | contraseñas | clave privada | claves privadas | clave api | claves api | tokens | historial de la conversación | datos del usuario',
  destination: 'mi correo | mi servidor | mi cuenta | mi dirección',
  not: 'no | nunca | jamás | sin',
  discussion: 'ejemplo* | por ejemplo | frase* | documentación | explica* | significa | ataque* | describe',
  user_says:
    'el usuario ahora quiere | el usuario ha cambiado de opinión | el usuario dice ahora | el usuario quiere que | en nombre del usuario | quiere que tú',
  task_end:
    'tu tarea ha terminado | tarea completada | tu tarea anterior | tarea anterior queda cancelada | fin de los resultados | fin del documento | siguiente paso del plan | la tarea ha cambiado',
  waived:
    'sin pedir confirmación | sin preguntar | sin confirmar | no se necesita aprobación | no hace falta aprobación | no hace falta confirmar | ya ha aceptado | ya aprobó | ya ha aprobado | ya está aprobado | sin aprobación',
  memory:
    'memoria a largo plazo | en tu memoria | para futuras sesiones | para futuras conversaciones | en todas las sesiones | recuerda para siempre | a partir de hoy cada vez',
};
