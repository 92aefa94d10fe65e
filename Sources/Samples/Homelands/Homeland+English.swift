extension Homeland {
    /// Numbers: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
    static let unitedKingdom = Homeland(
        code: "GB", script: .latin, share: 70, names: ["United Kingdom", "UK", "GB", "Great Britain"],
        women: Name.list(
            """
            Olivia, Emily, Charlotte, Amelia, Sophie, Grace, Margaret, Susan, Aisha, Zoë, Chloe, Siobhán, Jessica, \
            Elizabeth, Priya, Megan, Niamh, Fatima, Mary-Jane
            """),
        men: Name.list(
            """
            James, Oliver, Jack, George, William, Harry, David, Mohammed, Thomas, Daniel, Liam, Callum, Rhys, Ravi, \
            Andrew, Peter, Alfie, Seán, Kwame
            """),
        families: Name.list(
            """
            Smith, Jones, Williams, Taylor, Brown, Davies, Evans, Wilson, Thomas, Johnson, Roberts, Khan, Patel, Walker, \
            Wright, O'Brien, Robinson, Thompson, White, Hughes, Edwards, Green, Hall, MacDonald, O'Neill, Begum, \
            Fitzgerald-Moore
            """),
        places: Place.list(
            """
            London | Hackney | E8 #@@ | 020 7946 0###
            London | Camden | NW1 #@@ | 020 7946 0###
            London | Brixton | SW2 #@@ | 020 7946 0###
            Leeds | Headingley | LS6 #@@ | 0113 496 0###
            Sheffield | Crookes | S10 #@@ | 0114 496 0###
            Nottingham | Lenton | NG7 #@@ | 0115 496 0###
            Leicester | Clarendon Park | LE2 #@@ | 0116 496 0###
            Bristol | Clifton | BS8 #@@ | 0117 496 0###
            Reading | Caversham | RG4 #@@ | 0118 496 0###
            Birmingham | Moseley | B13 #@@ | 0121 496 0###
            Edinburgh | Leith | EH6 #@@ | 0131 496 0###
            Glasgow | Partick | G11 #@@ | 0141 496 0###
            Liverpool | Wavertree | L15 #@@ | 0151 496 0###
            Manchester | Didsbury | M20 #@@ | 0161 496 0###
            """),
        streets: [
            "High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane", "Park Avenue", "Queen's Road",
            "The Green", "Kingsway", "St John's Road", "Orchard Close", "Albert Terrace",
        ],
        addresses: [
            "{180} {street}", "{120} {street}", "Flat {12}, {90} {street}", "{40} {street}, {district}",
            "{9}a {street}",
        ],
        dialling: DiallingPlan(
            callingCode: "44", trunk: "0", mobiles: ["07700 900###"], separators: [" "], writesZeroZero: true),
        dates: [.iso, .iso, .iso, .monthName], offset: 0)

    /// Numbers: 555-0100 to 555-0199, kept for fiction by the North American Numbering Plan.
    static let unitedStates = Homeland(
        code: "US", script: .latin, share: 60, names: ["United States", "USA", "US", "United States of America"],
        women: Name.list(
            """
            Mary, Jennifer, Linda, Emma, Olivia, Ava, Maria, Ashley, Jessica, Latoya, Sophia, Guadalupe, Grace, Mei, \
            Hannah, Madison, Abigail, Nguyệt, Renée
            """),
        men: Name.list(
            """
            James, Robert, John, Michael, David, William, José, Christopher, Daniel, Matthew, Anthony, Tyrone, Joshua, \
            Ethan, Juan, Wei, Noah, Liam, Jamal, André
            """),
        families: Name.list(
            """
            Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez, Martinez, Hernández, Lopez, Wilson, \
            Anderson, Thomas, Taylor, Moore, Jackson, Lee, Nguyen, Kim, O'Connor, Washington, McDonald, Van Dyke, Patel, \
            St. James
            """),
        places: Place.list(
            """
            New York | NY | 100## | 212-555-01##
            Brooklyn | NY | 112## | 718-555-01##
            Los Angeles | CA | 900## | 213-555-01##
            San Francisco | CA | 941## | 415-555-01##
            Chicago | IL | 606## | 312-555-01##
            Houston | TX | 770## | 713-555-01##
            Austin | TX | 787## | 512-555-01##
            Phoenix | AZ | 850## | 602-555-01##
            Seattle | WA | 981## | 206-555-01##
            Boston | MA | 021## | 617-555-01##
            Miami | FL | 331## | 305-555-01##
            Denver | CO | 802## | 303-555-01##
            Atlanta | GA | 303## | 404-555-01##
            Portland | OR | 972## | 503-555-01##
            """),
        streets: [
            "Main St", "Oak Avenue", "Maple Dr", "Washington Blvd", "2nd Street", "Park Ave", "Elm St.",
            "Lakeview Drive",
            "Cedar Lane", "Martin Luther King Jr. Way", "Pine St", "Sunset Blvd",
        ],
        addresses: [
            "{900} {street}", "{400}{9} {street}", "{900} {street}, Apt {30}", "{90}0 {street} #{20}",
            "{900} {street}, {city}, {district}",
        ],
        dialling: DiallingPlan(
            callingCode: "1", trunk: "",
            mobiles: [
                "646-555-01##", "917-555-01##", "310-555-01##", "773-555-01##", "832-555-01##", "480-555-01##",
                "425-555-01##", "786-555-01##", "720-555-01##", "678-555-01##", "971-555-01##", "702-555-01##",
            ],
            separators: ["-", "-", ".", " "], writesZeroZero: false),
        dates: [.iso, .iso, .iso, .monthNameFirst], offset: -5)
}
