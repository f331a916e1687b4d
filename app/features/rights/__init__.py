"""What may a person ask about their data, and how is it carried out and proved?"""
