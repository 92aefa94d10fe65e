extension Homeland {
    /// Numbers: ARCEP's ranges for audiovisual works (`06 39 98` and one a zone).
    static let france = Homeland(
        code: "FR", script: .latin, share: 80, names: ["France", "FR", "FRA"],
        women: Name.list(
            """
            Marie, Camille, Léa, Manon, Chloé, Nathalie, Isabelle, Sylvie, Françoise, Anaïs, Inès, Zoé, Hélène, Margaux, \
            Aurélie, Noémie, Fatou, Anne-Sophie, Gaëlle
            """),
        men: Name.list(
            """
            Jean, Pierre, Michel, Nicolas, Julien, François, Théo, Léo, Jérôme, Sébastien, Antoine, Hugo, Loïc, Raphaël, \
            Mathéo, Jean-Baptiste, Benoît, Karim, Amadou
            """),
        families: Name.list(
            """
            Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Lefèvre, Leroy, Roux, David, \
            Bertrand, Morel, Girard, Fournier, Benoît, Lemaître, D'Angelo, Traoré, Nguyen, de La Tour, Le Goff, Gauthier, \
            Berthelot-Roux
            """),
        places: Place.list(
            """
            Paris | 11e | 750## | 01 99 00 ## ##
            Paris | 18e | 750## | 01 99 00 ## ##
            Lyon | Croix-Rousse | 690## | 04 65 71 ## ##
            Marseille | Le Panier | 130## | 04 65 71 ## ##
            Toulouse | Capitole | 31000 | 05 36 49 ## ##
            Bordeaux | Chartrons | 33000 | 05 36 49 ## ##
            Nantes | Île de Nantes | 44000 | 02 61 91 ## ##
            Rennes | Centre | 35000 | 02 61 91 ## ##
            Strasbourg | Krutenau | 67000 | 03 53 01 ## ##
            Lille | Wazemmes | 59000 | 03 53 01 ## ##
            Saint-Étienne | Centre | 42000 | 04 65 71 ## ##
            """),
        streets: [
            "rue de la République", "avenue Victor-Hugo", "rue de l'Église", "boulevard Gambetta", "place du Marché",
            "rue des Lilas", "chemin des Vignes", "rue Pasteur", "allée des Tilleuls", "quai de la Gare",
        ],
        addresses: ["{150} {street}", "{90}, {street}", "{40} bis {street}", "{60} {street}, bât. B"],
        dialling: DiallingPlan(
            callingCode: "33", trunk: "0", mobiles: ["06 39 98 ## ##"], separators: [" ", ".", " "],
            writesZeroZero: true),
        dates: [.iso, .iso, .iso, .dots], offset: 1)

    static let spain = Homeland(
        code: "ES", script: .latin, share: 50, names: ["Spain", "España", "ES", "ESP"],
        women: Name.list(
            """
            María, Carmen, Lucía, Laura, Paula, Ana, Isabel, Cristina, Marta, Sofía, Begoña, Rocío, Inés, María José, \
            Nuria, Montserrat
            """),
        men: Name.list(
            """
            Antonio, José, Manuel, Francisco, David, Juan, Javier, Daniel, Hugo, Pablo, Álvaro, Íñigo, Jesús, Martín, \
            Sergio, Iker, Ramón
            """),
        families: Name.list(
            """
            García, Rodríguez, González, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Martín, Jiménez, Ruiz, \
            Hernández, Díaz, Moreno, Muñoz, Álvarez, Romero, Navarro, Núñez, Ibáñez, García López, de la Fuente, Ortega y Gil
            """),
        places: Place.list(
            """
            Madrid | Chamberí | 280##
            Barcelona | Gràcia | 080##
            Valencia | Ruzafa | 460##
            Sevilla | Triana | 410##
            Zaragoza | Delicias | 500##
            Málaga | Centro | 290##
            Bilbao | Deusto | 480##
            A Coruña | Orzán | 150##
            Logroño | Centro | 260##
            """),
        streets: [
            "Calle Mayor", "Calle Real", "Avenida de la Constitución", "Plaza de España", "C/ San Juan",
            "Paseo del Prado",
            "Calle del Sol", "C/ Cervantes", "Ronda de Levante",
        ],
        addresses: ["{street} {120}", "{street}, {90}", "{street}, {60}, {9}º B", "{street} {40}, {9}º izda."],
        dialling: DiallingPlan(
            callingCode: "34", trunk: "", mobiles: ["6## ## ## ##", "6## ### ###"], separators: [" ", " ", "-"],
            writesZeroZero: true),
        dates: [.iso, .iso, .iso, .monthName], offset: 1)

    static let italy = Homeland(
        code: "IT", script: .latin, share: 50, names: ["Italy", "Italia", "IT", "ITA"],
        women: Name.list(
            """
            Giulia, Maria, Anna, Francesca, Sofia, Aurora, Chiara, Martina, Alessandra, Paola, Elena, Niccolò Maria, \
            Beatrice, Rosa, Ilaria
            """),
        men: Name.list(
            """
            Giuseppe, Marco, Andrea, Francesco, Alessandro, Lorenzo, Matteo, Luca, Giovanni, Leonardo, Niccolò, Davide, \
            Antonio, Salvatore, Riccardo
            """),
        families: Name.list(
            """
            Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo, Conti, De Luca, \
            Costa, Giordano, Mancini, D'Angelo, Lombardi, Moretti, Dell'Acqua, Nicolò, Cantù
            """),
        places: Place.list(
            """
            Roma | Trastevere | 001##
            Milano | Navigli | 201##
            Napoli | Vomero | 801##
            Torino | San Salvario | 101##
            Bologna | Bolognina | 401##
            Firenze | Oltrarno | 501##
            Palermo | Kalsa | 901##
            Forlì | Centro | 47121
            """),
        streets: [
            "Via Roma", "Via Garibaldi", "Corso Italia", "Piazza Dante", "Via della Libertà", "Viale Europa",
            "Via San Niccolò", "Largo Augusto",
        ],
        addresses: ["{street} {120}", "{street}, {90}", "{street} {40}/A", "{street}, {60} int. {12}"],
        dialling: DiallingPlan(
            callingCode: "39", trunk: "", mobiles: ["33# ### ####", "34# ### ####", "32# ### ####"],
            separators: [" ", "-", " "], writesZeroZero: true),
        dates: [.iso, .iso, .iso, .dots], offset: 1)

    static let portugal = Homeland(
        code: "PT", script: .latin, share: 30, names: ["Portugal", "PT", "PRT"],
        women: Name.list("Maria, Ana, Beatriz, Inês, Leonor, Joana, Mariana, Sofia, Conceição, Fátima, Glória"),
        men: Name.list("João, José, António, Francisco, Rodrigo, Tomás, Luís, Miguel, Gonçalo, Simão, André"),
        families: Name.list(
            """
            Silva, Santos, Ferreira, Pereira, Oliveira, Costa, Rodrigues, Martins, Sousa, Gonçalves, Fernandes, Araújo, \
            Simões, Conceição, de Almeida, dos Reis
            """),
        places: Place.list(
            """
            Lisboa | Alfama | 1100-###
            Porto | Ribeira | 4050-###
            Braga | Centro | 4700-###
            Coimbra | Baixa | 3000-###
            Évora | Centro Histórico | 7000-###
            """),
        streets: ["Rua Augusta", "Avenida da Liberdade", "Rua do Carmo", "Travessa das Flores", "Praça da República"],
        addresses: ["{street} {120}", "{street}, {90}, {9}.º Dto.", "{street} n.º {60}"],
        dialling: DiallingPlan(
            callingCode: "351", trunk: "", mobiles: ["91# ### ###", "93# ### ###", "96# ### ###"],
            separators: [" ", "-"], writesZeroZero: true),
        dates: [.iso, .iso, .monthName], offset: 0)
}
