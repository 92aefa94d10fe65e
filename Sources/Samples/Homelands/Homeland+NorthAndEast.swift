extension Homeland {
    static let netherlands = Homeland(
        code: "NL", script: .latin, share: 40, names: ["Netherlands", "Nederland", "NL", "Holland"],
        women: Name.list(
            "Emma, Julia, Sanne, Lotte, Anouk, Maria, Johanna, Fleur, Femke, Zoë, Iris, Noor, Renée, Loïs, Saskia"),
        men: Name.list("Jan, Daan, Sem, Pieter, Willem, Bram, Lars, Kees, Thijs, Ruben, Jeroen, René, Joris, Youssef"),
        families: Name.list(
            """
            de Jong, Jansen, de Vries, van den Berg, Bakker, van Dijk, Visser, Smit, Meijer, de Boer, Mulder, de Groot, \
            Bos, Vos, Peters, Hendriks, van 't Hof, ten Have, Coëlho
            """),
        places: Place.list(
            """
            Amsterdam | De Pijp | 107# @@
            Rotterdam | Delfshaven | 302# @@
            Utrecht | Lombok | 353# @@
            's-Gravenhage | Scheveningen | 258# @@
            Eindhoven | Strijp | 561# @@
            Groningen | Centrum | 971# @@
            """),
        streets: [
            "Kerkstraat", "Dorpsstraat", "Stationsweg", "Molenweg", "Prinsengracht", "Julianalaan", "Nieuwe Gracht",
        ],
        addresses: ["{street} {180}", "{street} {120}", "{street} {90}-{9}", "{street} {60} A"],
        dialling: DiallingPlan(
            callingCode: "31", trunk: "0", mobiles: ["06-########"], separators: ["-", " "], writesZeroZero: true),
        dates: [.iso, .iso, .iso, .monthName], offset: 1)

    static let poland = Homeland(
        code: "PL", script: .latin, share: 30, names: ["Poland", "Polska", "PL", "POL"],
        women: Name.list(
            "Anna, Katarzyna, Małgorzata, Agnieszka, Zofia, Hanna, Julia, Ewa, Żaneta, Grażyna, Łucja, Bożena, Aleksandra"
        ),
        men: Name.list(
            "Piotr, Krzysztof, Andrzej, Tomasz, Paweł, Michał, Jakub, Antoni, Łukasz, Stanisław, Wojciech, Rafał, Bartłomiej"
        ),
        families: Name.list(
            """
            Nowak, Kowalski, Wiśniewski, Wójcik, Kowalczyk, Kamiński, Lewandowski, Zieliński, Szymański, Woźniak, \
            Dąbrowski, Kozłowski, Jankowski, Mazur, Krawczyk, Piotrowski, Grabowski, Zając, Król, Wróbel
            """),
        places: Place.list(
            """
            Warszawa | Wola | 01-###
            Kraków | Kazimierz | 31-###
            Łódź | Bałuty | 91-###
            Wrocław | Krzyki | 53-###
            Poznań | Jeżyce | 60-###
            Gdańsk | Wrzeszcz | 80-###
            """),
        streets: [
            "ul. Polna", "ul. Leśna", "ul. Słoneczna", "al. Jana Pawła II", "ul. Kościuszki", "pl. Wolności",
            "ul. Żytnia",
        ],
        addresses: ["{street} {90}", "{street} {60}/{20}", "{street} {40} m. {30}"],
        dialling: DiallingPlan(
            callingCode: "48", trunk: "", mobiles: ["5## ### ###", "6## ### ###"], separators: [" ", "-"],
            writesZeroZero: true),
        dates: [.iso, .iso, .dots], offset: 1)
}
