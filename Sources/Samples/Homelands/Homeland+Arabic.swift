extension Homeland {
    private static let arabWomen = Name.list(
        """
        فاطمة/Fatima, مريم/Maryam, نور/Nour, سارة/Sara, عائشة/Aisha, ليلى/Layla, هدى/Huda, أمل/Amal, رانيا/Rania, ياسمين/Yasmin, \
        هبة/Heba, سلمى/Salma, منى/Mona, دينا/Dina, زينب/Zaynab, شيماء/Shaimaa
        """)
    private static let arabMen = Name.list(
        """
        محمد/Mohamed, أحمد/Ahmed, علي/Ali, عمر/Omar, يوسف/Youssef, خالد/Khaled, حسن/Hassan, إبراهيم/Ibrahim, عبد الله/Abdullah, \
        عبد الرحمن/Abdulrahman, سعيد/Said, طارق/Tarek, مصطفى/Mostafa, كريم/Karim, فهد/Fahd, سلطان/Sultan
        """)
    private static let arabFamilies = Name.list(
        """
        حسن/Hassan, علي/Ali, إبراهيم/Ibrahim, الشريف/Elsherif, منصور/Mansour, سليمان/Soliman, الحربي/Alharbi, القحطاني/Alqahtani, \
        الغامدي/Alghamdi, الزهراني/Alzahrani, خليل/Khalil, فارس/Fares, السيد/Elsayed, عثمان/Othman, النعيمي/Alnuaimi, \
        المنصوري/Almansoori, حداد/Haddad, نصار/Nassar, رمضان/Ramadan, بن سالم/Binsalem
        """)

    static let egypt = Homeland(
        code: "EG", script: .arabic, share: 25, names: ["Egypt", "مصر", "EG", "EGY"], women: arabWomen, men: arabMen,
        families: arabFamilies,
        places: Place.list(
            """
            القاهرة | مدينة نصر | 11###
            القاهرة | المعادي | 11###
            الإسكندرية | سيدي جابر | 21###
            الجيزة | الدقي | 12###
            المنصورة | توريل | 35###
            أسوان | وسط البلد | 81###
            """),
        streets: ["شارع التحرير", "شارع النيل", "شارع الجمهورية", "شارع النصر", "شارع الهرم", "شارع ٢٦ يوليو"],
        addresses: ["{120} {street}، {district}", "{street} {90}", "{40} {street}، شقة {12}"],
        dialling: DiallingPlan(
            callingCode: "20", trunk: "0", mobiles: ["010 #### ####", "011 #### ####", "012 #### ####"],
            separators: [" ", "-"], writesZeroZero: true),
        dates: [.iso, .iso, .iso, .slashes], offset: 2)

    static let saudiArabia = Homeland(
        code: "SA", script: .arabic, share: 20, names: ["Saudi Arabia", "SA", "KSA", "السعودية"], women: arabWomen,
        men: arabMen, families: arabFamilies,
        places: Place.list(
            """
            الرياض | حي العليا | 12###
            الرياض | حي النخيل | 12###
            جدة | حي الروضة | 23###
            الدمام | حي الشاطئ | 32###
            مكة المكرمة | العزيزية | 24###
            """),
        streets: ["طريق الملك فهد", "شارع العليا", "شارع التحلية", "طريق الأمير سلطان", "شارع الستين"],
        addresses: ["{9}{900} {street}، {district}", "{street}، {district}", "{street} {300}"],
        dialling: DiallingPlan(
            callingCode: "966", trunk: "0", mobiles: ["05# ### ####"], separators: [" ", "-"], writesZeroZero: true),
        dates: [.iso, .iso, .iso, .slashes], offset: 3)

    static let emirates = Homeland(
        code: "AE", script: .arabic, share: 15,
        names: ["United Arab Emirates", "UAE", "AE", "الإمارات العربية المتحدة"], women: arabWomen, men: arabMen,
        families: arabFamilies,
        places: Place.list(
            """
            دبي | مردف
            دبي | ديرة
            أبو ظبي | الخالدية
            الشارقة | المجاز
            """),
        streets: ["شارع الشيخ زايد", "شارع الوحدة", "شارع الاتحاد", "شارع الكورنيش"],
        addresses: ["{street}، {district}", "فيلا {90}، {street}", "ص.ب. {900}{9}، {district}"],
        dialling: DiallingPlan(
            callingCode: "971", trunk: "0", mobiles: ["050 ### ####", "052 ### ####", "055 ### ####"],
            separators: [" ", "-"], writesZeroZero: true),
        dates: [.iso], offset: 4)
}
