print("profilevault")
