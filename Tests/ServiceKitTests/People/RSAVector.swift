/// A 2,048-bit key and a token of 2026-11-21T12:00:00Z, made by OpenSSL 3.0.
enum RSAVector {
  static let modulus =
    """
    xW5lBczilH4DH31DhvvCftems-X2Oa0ovsQWfCd14NKR6T3jRhEWM3MfVlW8INC5LdxagoH7QZx2s4li5ca8o1Zzj8Po\
    4CgRWCUGvYs-6fbRmAsU-LQiIAU3zrXuBIwXdsyh48srH4_8W9qdEQ4-c7eVoCwh0_OMpzE8dsC-soNOuwNKP9aWZGgv\
    9ARi3GoTSzvxkH9DTi0JuaviTqoXzdfaIRIkTprIz56qPSuaEn9NeUEx6fy7-jolWaA63WTEUHsM1w_IpqtKWP4pCxgY\
    4eEdcRh7oinbHZwpvnW73p_eKmfmKlFO1kF34Z7VpSE4NivNfNakWPFvXx7FPTIGMQ
    """

  static let jwks =
    #"{"keys":[{"kty":"RSA","alg":"RS256","kid":"rsa","e":"AQAB","n":""# + modulus + #""}]}"#

  static let token =
    """
    eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLnByb3ZpZG\
    VyLmV4YW1wbGUiLCJhdWQiOiJsb2NrYm94Iiwic3ViIjoiYWxpY2UiLCJyb2xlcyI6WyJlbmdpbmVlciJdLCJpYXQiOj\
    E3OTUyNjI0MDAsImV4cCI6MTc5NTI2NjAwMH0.ezzUaqrEzOycc_36pf2G0HDjAiSFodfqvDzZYlsdyHCIulgE8GhOQY\
    7Cs-qB2LkyBGfKmH3Arb7hgRCIONOssdUMUgOk0rIs0mIVsVeaqTXbFwbPNXt2F_x_nd8DyHD2XCm45cfcRErHcLz_zH\
    bvvBoqrUsWIxN1eIpO0A0ciKQTWNUkiLwJsPA0LN_t5cznGexEyQ97zzcBEbLP6gMF8qLevGiQPNU8Fjg3Mofk663yo6\
    omBlsGPqaXN2U_aRSq5Lzs_GAtZrf7wWeMNuYa7E9bib_moWaEG-Hxu9YkFdo1IIWDsUXWiDK8M3-IJD5KA5AkH_TXBI\
    NEhw1cDUY1Qg
    """
}
