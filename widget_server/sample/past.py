"""What the sample shop was asked in the past: category, title, question, answer."""

Topic = tuple[str, str, str, str]

ES: list[Topic] = [
    ("order", "¿Puedo cambiar la dirección de entrega?", "Me he mudado esta semana. El pedido aún no ha salido.", "Cambiada. Sale mañana hacia la dirección nueva."),
    ("bug", "El cupón no se aplica en el carrito", "Pone que ha caducado, y vale hasta fin de mes.", "Había un error con las mayúsculas. Ya funciona."),
    ("help", "Factura con los datos de la empresa", "Necesito el NIF en la factura del pedido A-10388.", "La tienes en tu cuenta, en *Pedidos*."),
    ("order", "Una botella llegó rota", "De la caja de seis, una venía rota.", "Lo sentimos. Te enviamos otra hoy, sin coste."),
    ("plugin", "Suscripción mensual", "¿Se puede recibir una caja cada mes?", "En enero. Te avisamos aquí en cuanto esté."),
    ("help", "No recibo el correo de confirmación", "He mirado también en no deseado.", "Tu dirección tenía una errata; corregida y enviado otra vez."),
    ("order", "Devolver dos cajas sin abrir", "Compré de más para una fiesta.", "El mensajero pasa el jueves. El abono tarda tres días."),
    ("bug", "La página se queda en blanco al pagar", "Con el móvil, después de elegir tarjeta.", "Corregido esta mañana. Gracias por la captura."),
    ("help", "Maridaje para un arroz de verduras", "¿Qué blanco recomendáis?", "El *Sol de abril*, bien frío."),
    ("order", "Pedido para regalo con tarjeta escrita", "¿Podéis poner una nota a mano?", "Claro. Escribe el texto aquí y lo añadimos."),
]  # fmt: skip

EN: list[Topic] = [
    ("order", "Can I change the delivery address?", "I moved this week. The order has not left yet.", "Changed. It leaves tomorrow for the new address."),
    ("bug", "The voucher is not accepted in the basket", "It says expired, but it is good until the end of the month.", "Capital letters were the trouble. It works now."),
    ("help", "An invoice with our company's details", "I need the VAT number on the invoice of order A-10388.", "You find it in your account, under *Orders*."),
    ("order", "One bottle arrived broken", "One of the case of six was broken.", "We are sending another one today, at no cost."),
    ("plugin", "A case every month", "Can I subscribe to a monthly case?", "From January on. We tell you here as soon as it is ready."),
    ("help", "The confirmation mail does not arrive", "I have looked in the spam folder, too.", "There was a typing error in your address; mended and sent again."),
    ("order", "Returning two unopened cases", "I bought too many for a party.", "The courier comes on Thursday. The refund takes three days."),
    ("bug", "The page goes blank when I pay", "On my phone, after choosing the card.", "Mended this morning. Thank you for the picture."),
    ("help", "A wine for vegetable rice", "Which white do you recommend?", "*Sol de abril*, well chilled."),
    ("order", "A gift with a written card", "Can you add a note by hand?", "Of course. Write the text here and we add it."),
]  # fmt: skip

PAST = {"es": ES, "en": EN}
