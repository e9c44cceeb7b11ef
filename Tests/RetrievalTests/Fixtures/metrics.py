"""Writes metrics.json: what NumPy, SciPy and scikit-learn say about a small retrieval problem."""
import numpy as np, json
from sklearn.metrics import average_precision_score, roc_curve, roc_auc_score, balanced_accuracy_score
from sklearn.decomposition import PCA
from scipy.optimize import brentq
from scipy.interpolate import interp1d
r=np.random.default_rng(5)
nq,ng,people,d,A=12,60,9,6,5
cent=r.normal(size=(people,d)); gi=r.integers(0,people,ng); gi[:people]=range(people); qi=r.integers(0,people,nq)
g=(cent[gi]+.7*r.normal(size=(ng,d))).astype('f4'); q=(cent[qi]+.7*r.normal(size=(nq,d))).astype('f4')
D=((q[:,None].astype('f8')-g[None])**2).sum(-1)
order=np.argsort(D,axis=1,kind='stable')
ap=[average_precision_score(gi==qi[i],-D[i]) for i in range(nq)]
y=(qi[:,None]==gi[None]).ravel(); dist=np.sqrt(D).ravel()
fpr,tpr,_=roc_curve(y,-dist,drop_intermediate=False)
eer=brentq(lambda x:1-x-interp1d(fpr,tpr)(x),0,1,xtol=1e-14)
ga=r.choice([-1,1],size=(ng,A)); ga[:,0]=1; qa=r.choice([-1,1],size=(nq,A)); qa[:,4]=-1
k=7
bal=[]
for a in range(A):
    t=np.repeat(qa[:,a],k); p=ga[order[:,:k],a].ravel()
    bal.append(None if len(set(t))<2 else balanced_accuracy_score(t,p))
rec={kk:float(np.mean([(gi[order[i,:kk]]==qi[i]).any() for i in range(nq)])) for kk in (1,5,10)}
pca=PCA(3).fit(g.astype('f8')); wh=PCA(3,whiten=True).fit(g.astype('f8'))
small=g[:4].astype('f8'); few=PCA(3).fit(small)
json.dump(dict(queries=q.ravel().tolist(),gallery=g.ravel().tolist(),queryPeople=qi.tolist(),galleryPeople=gi.tolist(),columns=d,
 queryAttributes=qa.ravel().tolist(),galleryAttributes=ga.ravel().tolist(),attributes=A,order=order.tolist(),averagePrecision=ap,
 recall1=rec[1],recall5=rec[5],recall10=rec[10],eer=eer,area=roc_auc_score(y,-dist),
 tprAt1=float(tpr[fpr<=.01].max()),tprAt5=float(tpr[fpr<=.05].max()),balanced=bal,balancedK=k,
 variances=pca.explained_variance_.tolist(),fewVariances=few.explained_variance_.tolist(),
 absoluteCoordinates=np.abs(pca.transform(q)).ravel().tolist(),whitenedDistances=((wh.transform(q)[:,None]-wh.transform(g)[None])**2).sum(-1).ravel().tolist()),open('metrics.json','w'))
