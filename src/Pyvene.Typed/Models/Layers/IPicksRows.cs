namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is a module that is called with rows which its owner picks, such as the tokens that a router sends to an expert: nothing inside of it has the rows of the
/// batch, so that an example could not be told from another there.
/// </summary>
internal interface IPicksRows;
