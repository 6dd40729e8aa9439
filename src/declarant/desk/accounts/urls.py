"""Addresses of people, one's own account, and signing in."""

from django.urls import include, path

from declarant.desk.accounts import views

own = (
    [
        path("", views.oneself, name="oneself"),
        path("people/", views.people, name="people"),
        path("people/invite/", views.invite_person, name="invite"),
        path("people/invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
        path("people/<int:pk>/", views.person, name="person"),
        path("people/<int:pk>/roles/", views.grant_role, name="grant"),
        path("people/<int:pk>/roles/<slug:role>/end/", views.end_person_role, name="end_role"),
        path("people/<int:pk>/close/", views.close_person, name="close"),
        path("people/<int:pk>/hand-over/", views.hand_over_person, name="hand_over"),
        path("invitation/<str:secret>/", views.accept_invitation, name="accept"),
    ],
    "accounts",
)
urlpatterns = [
    path("", include(own)),
    path("", include("allauth.account.urls")),
    path("two-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("provider/", include("allauth.socialaccount.urls")),
    path("provider/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
