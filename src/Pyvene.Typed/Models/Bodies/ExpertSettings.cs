namespace Pyvene.Typed.Models;

/// <summary>Holds the checked sizes and choices of blocks whose MLP is a row of experts, of which a router chooses some for each token.</summary>
/// <param name="Count">The number of experts.</param>
/// <param name="Chosen">How many of them serve a token.</param>
/// <param name="ShowsScores">Whether every call returns the routers' scores, asked or not.</param>
/// <param name="LossFactor">What the load-balancing loss is multiplied with, where it is added to the loss.</param>
internal sealed record ExpertSettings(int Count, int Chosen, bool ShowsScores, double LossFactor);
