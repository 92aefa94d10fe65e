extension Homeland {
    /// Numbers: Bundesnetzagentur, "Rufnummern für Medienproduktionen".
    static let germany = Homeland(
        code: "DE", script: .latin, share: 90, names: ["Germany", "Deutschland", "DE", "DEU"],
        women: Name.list(
            """
            Anna, Julia, Sabine, Katharina, Lena, Petra, Ursula, Monika, Laura, Sarah, Susanne, Claudia, Jana, Käthe, \
            Marie, Lea, Hannah, Birgit, Renate, Nicole, Zoë, Jördis, Anne-Marie, Sümeyye
            """),
        men: Name.list(
            """
            Thomas, Michael, Andreas, Jürgen, Stefan, Jan, Lukas, Felix, Günter, Klaus, Björn, Jörg, Maximilian, Tobias, \
            Wolfgang, Leon, Paul, Matthias, Sebastian, Özgür, Karl-Heinz, Florian, Götz, Mehmet
            """),
        families: Name.list(
            """
            Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer, \
            Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Lange, Weiß, Krause, \
            Köhler, Jäger, Yılmaz, Groß, Böhm, von der Heide, Müller-Lüdenscheidt
            """),
        places: Place.list(
            """
            Berlin | Mitte | 10### | 030-23125###
            Berlin | Neukölln | 120## | 030-23125###
            Hamburg | Altona | 22### | 040-66969###
            München | Schwabing | 80### | 089-99998###
            Köln | Ehrenfeld | 50### | 0221-4710###
            Frankfurt am Main | Bockenheim | 60### | 069-90009###
            Stuttgart | Mitte | 70###
            Düsseldorf | Bilk | 402##
            Leipzig | Zentrum | 041##
            Dresden | Neustadt | 010##
            Nürnberg | Südstadt | 904##
            Münster | Kreuzviertel | 481##
            Göttingen | Weende | 370##
            Würzburg | Zellerau | 970##
            """),
        streets: [
            "Hauptstraße", "Bahnhofstraße", "Gartenstr.", "Schulstraße", "Lindenallee", "Goethestr.", "Am Mühlenweg",
            "Kirchgasse", "Rosenweg", "Schillerplatz", "Bergstraße", "Straße des Friedens",
        ],
        addresses: [
            "{street} {180}", "{street} {120}", "{street} {80}a", "{street} {90}, Hinterhaus", "{street} {40}/{9}",
        ],
        dialling: DiallingPlan(
            callingCode: "49", trunk: "0",
            mobiles: [
                "0171-39200##", "0176-040690##", "030-23125###", "040-66969###", "089-99998###", "0221-4710###",
                "069-90009###",
            ],
            separators: [" ", "/", "-", " / "], writesZeroZero: true),
        dates: [.iso, .iso, .dots, .dots, .dots], offset: 1)
}
